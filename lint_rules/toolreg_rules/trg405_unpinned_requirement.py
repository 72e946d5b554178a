import re
from collections.abc import Iterator

from toolreg.contract.source import Module
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool

_BLOCK = re.compile(r"(?m)^# /// script\s*\n((?:#(?:| .*)\n)+?)# ///\s*$")
_BOUND = re.compile(r"[=<>~@]")
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
    if "# /// script" not in module.text:
        return
    text = module.text.replace("\r\n", "\n")
    block = _BLOCK.search(text)
    for name in _requirements(block[1]) if block is not None else ():
        if block is not None and not _BOUND.search(name.partition(";")[0]):
            line = text.count("\n", 0, max(text.find(name, block.start()), block.start())) + 1
            yield line, f"'{name}' has no version; write '{name.partition(';')[0].strip()}>=…'"


def _requirements(block: str) -> list[str]:
    """`dependencies` of the block; none where it is no TOML, which others report."""
    import tomllib

    try:
        found = tomllib.loads("\n".join(line[2:] for line in block.split("\n")))
    except tomllib.TOMLDecodeError:
        return []
    names = found.get("dependencies", [])
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
