import ast
import sys
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import nodes

# Import names that are no distributions: stock smolagents writes them into requirements.txt as they are.
_OTHERWISE = {
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python",
    "dateutil": "python-dateutil",
    "docx": "python-docx",
    "dotenv": "python-dotenv",
    "fitz": "pymupdf",
    "github": "pygithub",
    "googleapiclient": "google-api-python-client",
    "jwt": "pyjwt",
    "magic": "python-magic",
    "PIL": "pillow",
    "pptx": "python-pptx",
    "serial": "pyserial",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "slugify": "python-slugify",
    "telegram": "python-telegram-bot",
    "usb": "pyusb",
    "yaml": "pyyaml",
    "zmq": "pyzmq",
}


@rule(
    "TRG418",
    "lost-requirement",
    Severity.INFO,
    bad=[function_tool("import yaml\nreturn str(yaml.safe_load(text))")],
    good=[function_tool("import json\nreturn str(json.loads(text))")],
    references=["https://github.com/huggingface/smolagents/issues/2211"],
    needs=[ast.Import, ast.ImportFrom],
)
def lost_requirement(tool: ToolSource) -> Iterator[Hit]:
    """A requirement that stock smolagents writes down wrongly.

    It takes import names for distributions: `yaml` and `cv2` cannot be installed, `bs4` and `sklearn` are others'
    packages. `toolreg publish` knows the distributions, and pins them.
    """
    tried = {id(n) for t in nodes(tool, ast.Try) for s in t.body for n in ast.walk(s)}
    for node in nodes(tool, ast.Import):
        yield from (hit for alias in node.names for hit in _misnamed(node, alias.name))
        yield from _missed(tool, node, [alias.name for alias in node.names], id(node) in tried)
    for origin in nodes(tool, ast.ImportFrom):
        if origin.module and not origin.level:
            yield from _misnamed(origin, origin.module)
            yield from _missed(tool, origin, [origin.module], id(origin) in tried)


def _missed(tool: ToolSource, node: ast.stmt, names: list[str], tried: bool) -> Iterator[Hit]:
    """Imports that smolagents' search for requirements passes over."""
    foreign = [top for name in names if (top := name.split(".")[0]) not in sys.stdlib_module_names]
    foreign = [top for top in foreign if top not in ("smolagents", *_OTHERWISE)]
    if not foreign:
        return
    if tried:
        yield node, f"smolagents would not require '{foreign[0]}', which is imported in 'try'"
    elif len(names) > 1:
        yield node, f"smolagents would not require '{foreign[0]}'; import one module a line"
    elif isinstance(node, ast.Import) and "#" in tool.module.lines[node.lineno - 1]:
        yield node, f"smolagents would not require '{foreign[0]}' because of the comment behind it"


def _misnamed(node: ast.stmt, dotted: str) -> Iterator[Hit]:
    top = dotted.split(".")[0]
    if top in _OTHERWISE:
        yield node, f"smolagents would require '{top}', which is not '{_OTHERWISE[top]}'"
