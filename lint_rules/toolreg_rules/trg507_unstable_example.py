import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import Call, calls

_CHANGING = (
    "random.*", "secrets.*", "numpy.random.*", "os.urandom", "uuid.uuid1", "uuid.uuid4", "time.time", "time.time_ns", "time.monotonic",
    "time.monotonic_ns", "time.perf_counter", "time.perf_counter_ns", "time.process_time", "time.strftime", "time.localtime", "time.gmtime",
    "time.ctime", "time.asctime", "datetime.datetime.now", "datetime.datetime.today", "datetime.datetime.utcnow", "datetime.date.today",
    "pandas.Timestamp.now", "pandas.Timestamp.today", "arrow.now", "arrow.utcnow", "pendulum.now", "os.getpid", "socket.gethostname",
    "platform.node", "getpass.getuser", "tempfile.mkdtemp", "tempfile.mktemp",
)  # fmt: skip


@rule(
    "TRG507",
    "unstable-example",
    Severity.INFO,
    bad=[
        function_tool("import random\nreturn random.choice(text.splitlines())"),
    ],
    good=[
        function_tool(
            "import random\nreturn random.choice(text.splitlines())",
            examples=">>> first_line('one') in ('one', 'two')\nTrue",
        ),
    ],
    needs=_CHANGING,
)
def unstable_example(tool: ToolSource) -> Iterator[Hit]:
    """An example whose answer depends on the clock or on chance.

    It is run in the sandbox and compared word for word, so it fails tomorrow. Write `...` with
    `# doctest: +ELLIPSIS`, compare a part that stays, or pass the moment or the seed as a parameter.
    """
    changing = next((c for c in calls(tool, *_CHANGING) if not _is_seeded(c)), None)
    if changing is None:
        return
    try:
        examples = tool.docstring.examples
    except ValueError:
        return
    for example in examples:
        if (
            _is_call(example.source, tool)
            and example.want
            and "..." not in example.want
            and "Traceback" not in example.want
            and "SKIP" not in example.options
        ):
            yield example.line, f"the answer depends on {changing.name}, so it may not be the same again"


def _is_seeded(call: Call) -> bool:
    """A generator of one's own, made with a seed, gives the same each time."""
    seeded = call.name in ("random.seed", "random.Random", "numpy.random.seed") or call.name.startswith(
        ("random.Random.", "numpy.random.default_rng")
    )
    return seeded and bool(call.node.args or (call.constructor is not None and call.constructor.args))


def _is_call(source: str, tool: ToolSource) -> bool:
    """The example shows what a call gives, and nothing is done with it."""
    try:
        tree = ast.parse(source.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return False
    func = tree.func if isinstance(tree, ast.Call) else None
    func = func.func if isinstance(func, ast.Call) else func
    return isinstance(func, ast.Name) and func.id in (tool.name, tool.node.name)
