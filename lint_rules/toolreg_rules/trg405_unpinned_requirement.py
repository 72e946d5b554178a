import re
from collections.abc import Iterator

from toolreg.contract.source import Module
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool

_BLOCK = re.compile(r"(?m)^# /// script$\s(?:^#(?:| .*)$\s)+^# ///$")
_REQUIREMENT = re.compile(r"(?m)^#.*?([\"'])([A-Za-z0-9][\w.\[\], <>=~!@-]*)\1")
_SCRIPT = '# /// script\n# dependencies = [\n#   "{}",\n# ]\n# ///\n' + function_tool(
    "return text.splitlines()[0]"
)


@rule(
    "TRG405",
    "unpinned-requirement",
    Severity.WARNING,
    bad=[
        _SCRIPT.format("requests"),
    ],
    good=[
        _SCRIPT.format("requests>=2.32,<3"),
    ],
    references=["https://packaging.python.org/en/latest/specifications/inline-script-metadata/"],
)
def unpinned_requirement(module: Module) -> Iterator[Hit]:
    """A requirement of the file's script block without a version.

    Whoever loads the tool gets whatever is newest on that day, which nobody has tried. Write a bound:
    `"requests>=2.32,<3"`.
    """
    block = _BLOCK.search(module.text) if "# /// script" in module.text else None
    text = block[0].partition("dependencies")[2] if block else ""
    for match in _REQUIREMENT.finditer(text):
        if not any(sign in match[2] for sign in "=<>~@"):
            line = module.text.count("\n", 0, module.text.index(text) + match.start(1)) + 1
            yield line, f"'{match[2]}' has no version; write '{match[2]}>=…'"
