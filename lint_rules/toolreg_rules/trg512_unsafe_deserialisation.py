import ast
from collections.abc import Callable, Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import Call, calls, nodes

_RUNNING = (
    "pickle.load", "pickle.loads", "pickle.Unpickler", "dill.load", "dill.loads", "cloudpickle.load", "cloudpickle.loads", "marshal.load",
    "marshal.loads", "shelve.open", "joblib.load", "jsonpickle.decode", "pandas.read_pickle", "yaml.unsafe_load", "yaml.full_load",
)  # fmt: skip


def _is(node: ast.expr | None, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


def _is_text(node: ast.expr | None, value: str) -> bool:
    return isinstance(node, ast.Constant) and node.value == value


def _safe_loader(call: Call) -> bool:
    loader = call.argument("Loader", 1)
    return loader is not None and any(word in ast.unparse(loader) for word in ("Safe", "BaseLoader"))


_SAFE_WITH: dict[str, Callable[[Call], bool]] = {
    "yaml.load": _safe_loader,
    "yaml.load_all": _safe_loader,
    # Since torch 2.6 only weights are loaded unless somebody asks for more.
    "torch.load": lambda call: not _is(call.argument("weights_only"), False),
    "numpy.load": lambda call: not _is(call.argument("allow_pickle"), True),
    "keras.models.load_model": lambda call: not _is(call.argument("safe_mode"), False),
    "tensorflow.keras.models.load_model": lambda call: not _is(call.argument("safe_mode"), False),
    "ruamel.yaml.YAML": lambda call: not _is_text(call.argument("typ", 0), "unsafe"),
}


@rule(
    "TRG512",
    "unsafe-deserialisation",
    Severity.ERROR,
    bad=[
        function_tool(
            "import pickle\nwith open(path, 'rb') as file:\n    return str(pickle.load(file))",
            signature="path: str",
            effects="read: {path}\ncode: *",
        ),
    ],
    good=[
        function_tool(
            "import json\nwith open(path, 'rb') as file:\n    return str(json.load(file))",
            signature="path: str",
            effects="read: {path}",
        ),
    ],
    references=["https://cwe.mitre.org/data/definitions/502.html"],
    needs=(*_RUNNING, *_SAFE_WITH, ast.keyword),
)
def unsafe_deserialisation(tool: ToolSource) -> Iterator[Hit]:
    """Data is read in a way that runs code from it.

    Pickle, `yaml.load`, `torch.load` and their like execute what the data says. Take JSON, `yaml.safe_load`,
    `weights_only=True` or safetensors.
    """
    for call in calls(tool, *_RUNNING, *_SAFE_WITH):
        safe = _SAFE_WITH.get(call.name)
        if safe is None or not safe(call):
            yield call.node, f"{call.name} runs code that the data holds; use a format that is only data"
    for given in nodes(tool, ast.keyword) if "trust_remote_code" in tool.module.text else ():
        if given.arg == "trust_remote_code" and _is(given.value, True):
            yield (
                given,
                "trust_remote_code=True runs code that is downloaded; leave it out, or pin a revision",
            )
