"""Loaded tools as an agent meets them: real smolagents, real sandbox."""

from __future__ import annotations

import pytest

from toolreg.errors import UsageError
from toolreg.load import Lock, Ref, Room, ToolFailed, TrustPolicy, add, load_tool, load_tools
from toolreg.manifest.model import Requirement
from toolreg.sandbox import Limits, Raised, Returned, Sandbox


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as one:
        yield one


BODY = """from smolagents import Tool


class Try(Tool):
    name = "try_it"
    description = "Try something."
    inputs = {inputs}
    output_type = "{output}"

    def forward(self{parameters}):
        {code}
"""


@pytest.fixture
def loaded(shelf, trust, sandbox):
    """Publish a tool with this body and load it."""

    def load(code, *, effects=(), output="any", room=None, **inputs):
        schema = {
            name: {
                "type": kind.rstrip("?"),
                "description": "x",
                **({"nullable": True} if kind.endswith("?") else {}),
            }
            for name, kind in inputs.items()
        }
        parameters = "".join(
            f", {name}" + ("=None" if kind.endswith("?") else "") for name, kind in inputs.items()
        )
        body = BODY.format(
            inputs=schema, output=output, parameters=parameters, code=code.replace("\n", "\n        ")
        )
        shelf.publish(
            "acme/try",
            code=body,
            entry="Try",
            name="try_it",
            description="Try something.",
            inputs=schema,
            output_type=output,
            effects=effects,
        )
        return load_tool("acme/try", fetch=shelf.fetch, trust=trust, room=room, sandbox=sandbox)

    return load


def test_a_loaded_tool_is_a_smolagents_tool_with_the_signed_words(shelf, trust, sandbox):
    from smolagents import Tool

    shelf.publish()
    tool = load_tool("acme/word-count@v1.0.0", fetch=shelf.fetch, trust=trust, sandbox=sandbox)
    assert isinstance(tool, Tool)
    assert (tool.name, tool.description, tool.output_type) == (
        "word_count",
        "Count the words of a text.",
        "integer",
    )
    assert tool("one two three") == tool(text="one two three") == tool({"text": "one two three"}) == 3
    assert tool.to_code_prompt().startswith("def word_count(text: string) -> integer:")
    assert isinstance(tool.last.outcome, Returned)
    assert tool.signer == shelf.key.signer


def test_an_agent_of_smolagents_can_call_it(loaded):
    from smolagents import CodeAgent
    from smolagents.models import ChatMessage, MessageRole, Model

    class Scripted(Model):
        def generate(self, messages, **kwargs):  # noqa: ARG002
            code = "<code>\nfinal_answer(try_it(text='a b'))\n</code>"
            return ChatMessage(role=MessageRole.ASSISTANT, content=f"Thought: call it.\n{code}")

    tool = loaded("return text.upper()", text="string", output="string")
    agent = CodeAgent(tools=[tool], model=Scripted(), max_steps=1, verbosity_level=0)
    assert agent.run("upper") == "A B"


def test_the_code_never_runs_in_this_process(loaded, monkeypatch):
    import os

    monkeypatch.setenv("TOOLREG_TEST_SECRET", "secret")
    tool = loaded("import os\nreturn [os.getpid(), os.environ.get('TOOLREG_TEST_SECRET')]")
    pid, secret = tool()
    assert pid != os.getpid()
    assert secret is None


def test_a_tool_that_raises_is_one_clear_error(loaded):
    tool = loaded("raise ValueError('the city is unknown')")
    with pytest.raises(ToolFailed, match=r"^try_it raised ValueError: the city is unknown$") as caught:
        tool()
    assert isinstance(caught.value.observation.outcome, Raised)


def test_a_tool_that_never_ends_is_stopped(loaded):
    tool = loaded("while True: pass", room=Room(limits=Limits(wall=1.0)))
    with pytest.raises(ToolFailed, match="try_it was stopped: "):
        tool()


def test_what_was_not_promised_is_not_possible(loaded, tmp_path):
    (tmp_path / "secret.txt").write_text("secret")
    room = Room(workspace=str(tmp_path))
    with pytest.raises(ToolFailed, match=r"try_it raised \w+Error"):
        loaded("return open('secret.txt').read()", room=room)()
    assert loaded("return open('secret.txt').read()", effects=("read:secret.txt",), room=room)() == "secret"


def test_a_parameter_target_is_granted_for_this_call_alone(loaded, tmp_path):
    for name in ("a.txt", "b.txt", "[ab].txt"):
        (tmp_path / name).write_text(name)
    tool = loaded(
        "return open(other or path).read()",
        effects=("read:{path}",),
        room=Room(workspace=str(tmp_path)),
        path="string",
        other="string?",
    )
    assert tool("a.txt") == "a.txt"
    assert tool("b.txt") == "b.txt"
    assert tool("[ab].txt") == "[ab].txt"
    for path, other in (("a.txt", "b.txt"), ("[ab].txt", "a.txt"), ("*", "a.txt")):
        with pytest.raises(ToolFailed):
            tool(path, other)


def test_a_default_counts_as_given(shelf, trust, sandbox, tmp_path):
    (tmp_path / "data.txt").write_text("data")
    code = BODY.format(
        inputs={"path": {"type": "string", "description": "x", "nullable": True}},
        output="any",
        parameters=", path='data.txt'",
        code="return open(path).read()",
    )
    shelf.publish(
        "acme/try",
        code=code,
        entry="Try",
        name="try_it",
        inputs={"path": {"type": "string", "description": "x", "nullable": True}},
        output_type="any",
        effects=("read:{path}",),
    )
    tool = load_tool(
        "acme/try", fetch=shelf.fetch, trust=trust, room=Room(workspace=str(tmp_path)), sandbox=sandbox
    )
    assert tool() == "data"


def test_a_promised_write_reaches_the_workspace_and_a_failed_call_writes_nothing(loaded, tmp_path):
    code = "import os\nos.makedirs('notes', exist_ok=True)\nopen('notes/' + name, 'w').write('hello')\nif fail: raise ValueError('no')\nreturn 'done'"
    (tmp_path / "notes").mkdir()
    tool = loaded(
        code, effects=("write:notes/*.md",), room=Room(workspace=str(tmp_path)), name="string", fail="boolean"
    )
    assert tool("a.md", False) == "done"
    assert (tmp_path / "notes" / "a.md").read_text() == "hello"
    with pytest.raises(ToolFailed, match="raised ValueError: no"):
        tool("b.md", True)
    with pytest.raises(ToolFailed, match=r"notes/c\.txt was not written: not promised"):
        tool("c.txt", False)
    assert sorted(p.name for p in (tmp_path / "notes").iterdir()) == ["a.md"]


def test_a_declared_variable_is_lent_and_no_other(loaded):
    tool = loaded(
        "import os\nreturn [os.environ.get('API_KEY'), os.environ.get('OTHER')]",
        effects=("env:API_KEY",),
        room=Room(env={"API_KEY": "k", "OTHER": "o"}),
    )
    assert tool() == ["k", None]


@pytest.mark.parametrize(
    ("args", "kwargs", "says"),
    [
        ((), {}, "needs the argument 'text'"),
        (("a", 1, 2), {}, "takes 2 arguments, not 3"),
        (("a",), {"text": "b"}, "was given argument 'text' twice"),
        (("a",), {"mood": "b"}, "takes no argument 'mood'"),
        ((object(),), {}, "argument 'text' is a object, which cannot enter the sandbox"),
        (({1: 2},), {}, "has the key 1, which is no text"),
        ((float("nan"),), {}, "is nan, which JSON does not know"),
    ],
)
def test_a_wrong_call_says_what_is_wrong_before_anything_runs(loaded, args, kwargs, says):
    tool = loaded("return text", text="any", limit="integer?")
    with pytest.raises(ToolFailed, match=says) as caught:
        tool(*args, **kwargs)
    assert caught.value.hint
    assert tool.last is None


@pytest.mark.parametrize("value", [None, True, 1, -1.5, "é\n", ["a", [1]], {"a": {"b": None}}, "", {}, []])
def test_json_goes_in_and_out_unchanged(loaded, value):
    tool = loaded("return value", value="any")
    assert tool(value=value) == value


def test_an_own_kind_of_result_does_not_pass_as_something_else(loaded):
    with pytest.raises(ToolFailed, match=r"returned a \w+, which cannot leave the sandbox"):
        loaded("class Own: pass\nreturn Own()", output="object")()


def test_a_missing_module_says_what_to_install(shelf, trust, sandbox):
    code = BODY.format(inputs={}, output="any", parameters="", code="import no_such_module")
    needs = (Requirement(name="no-such-thing", specifier="==1.0"), Requirement(name="smolagents"))
    shelf.publish(
        "acme/try", code=code, entry="Try", name="try_it", inputs={}, output_type="any", requirements=needs
    )
    tool = load_tool("acme/try", fetch=shelf.fetch, trust=trust, sandbox=sandbox)
    with pytest.raises(ToolFailed, match="lacks a module: No module named 'no_such_module'") as caught:
        tool()
    assert caught.value.hint == "pip install 'no-such-thing==1.0'"


def test_it_is_not_saved_as_plain_code(loaded):
    with pytest.raises(UsageError, match="is published already"):
        loaded("return 1").to_dict()


def test_the_locked_tools_are_loaded_offline(shelf, trust, store, sandbox):
    shelf.publish()
    shelf.publish("acme/other", name="other", description="Count the words of a text.")
    lock = Lock()
    for repository in ("acme/word-count", "acme/other"):
        lock, _ = add(Ref(repository), lock, fetch=shelf.fetch, trust=trust, store=store, hub="local")
    tools = load_tools(lock, store=store, policy=TrustPolicy(), sandbox=sandbox)
    assert [t.name for t in tools] == ["other", "word_count"]
    assert tools[1]("a b c") == 3
    (one,) = load_tools(lock, ["acme/word-count"], store=store, policy=TrustPolicy(), sandbox=sandbox)
    assert one.name == "word_count"


def test_calls_from_many_threads_do_not_mix(loaded):
    from concurrent.futures import ThreadPoolExecutor

    tool = loaded("return text * 2", text="string")
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(tool, [str(n) for n in range(12)])) == [str(n) * 2 for n in range(12)]
