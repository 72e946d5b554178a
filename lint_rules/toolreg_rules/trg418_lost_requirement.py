import ast
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
    for node in nodes(tool, ast.Import):
        for alias in node.names:
            yield from _misnamed(node, alias.name)
    for origin in nodes(tool, ast.ImportFrom):
        if origin.module and not origin.level:
            yield from _misnamed(origin, origin.module)


def _misnamed(node: ast.stmt, dotted: str) -> Iterator[Hit]:
    top = dotted.split(".")[0]
    if top in _OTHERWISE:
        yield node, f"smolagents would require '{top}', which is not '{_OTHERWISE[top]}'"
