import ast
import re
import unicodedata
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import class_tool, function_tool
from toolreg_rules._text import seen_by_model

_WORD = re.compile(r"[^\W\d_]+")
# Letters of other alphabets that look like Latin ones.
_LOOKS_LATIN = frozenset(
    map(
        chr,
        (
            *(
                0x430,
                0x435,
                0x43E,
                0x440,
                0x441,
                0x443,
                0x445,
                0x455,
                0x456,
                0x458,
                0x4BB,
                0x501,
                0x51B,
                0x51D,
            ),
            *(
                0x410,
                0x412,
                0x415,
                0x41A,
                0x41C,
                0x41D,
                0x41E,
                0x420,
                0x421,
                0x422,
                0x425,
                0x405,
                0x406,
                0x408,
            ),
            *(
                0x391,
                0x392,
                0x395,
                0x396,
                0x397,
                0x399,
                0x39A,
                0x39C,
                0x39D,
                0x39F,
                0x3A1,
                0x3A4,
                0x3A5,
                0x3A7,
            ),
            *(0x3BF, 0x3BD, 0x3C1, 0x3B1),
        ),
    )
)
_ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"})


@rule(
    "TRG607",
    "mixed-script-name",
    Severity.ERROR,
    bad=[
        function_tool(
            "return text.splitlines()[0]",
            name="first_lin\u0435",
            examples=">>> first_lin\u0435('one')\n'one'",
        ).replace("['one']", "")
        + "",
        function_tool("return text.splitlines()[0]", summary="Shorten a text to its first linе."),
    ],
    good=[
        function_tool("return text.splitlines()[0]"),
        class_tool(),
        function_tool(
            "return text.splitlines()[0]", summary="Shorten a Greek text (Ελλάδα) to its first line."
        ),
    ],
)
def mixed_script_name(tool: ToolSource) -> Iterator[Hit]:
    """A name that mixes alphabets, and so passes for another.

    A Cyrillic `а` in `pаge` looks Latin: the model, a user and a log take the tool for one that they trust. Write
    the name in one alphabet.
    """
    for what, name, place in _names(tool):
        if name.isascii():
            continue
        scripts = {s for s in map(_script, name) if s}
        if len(scripts) > 1:
            shown = "".join(c if c.isascii() else f"[U+{ord(c):04X}]" for c in name)
            yield place, f"{what} mixes {' and '.join(sorted(scripts))}: {shown}"
        elif scripts and "LATIN" not in scripts and all(c in _LOOKS_LATIN for c in name if c.isalpha()):
            shown = "".join(c if c.isascii() else f"[U+{ord(c):04X}]" for c in name)
            yield place, f"{what} looks Latin and is {scripts.pop()}: {shown}"
    for seen in seen_by_model(tool):
        match = (
            next((m for m in _WORD.finditer(seen.text) if not m[0].isascii() and _looks_latin(m[0])), None)
            if not seen.text.isascii()
            else None
        )
        if match:
            shown = "".join(c if c.isascii() else f"[U+{ord(c):04X}]" for c in match[0])
            yield seen.at(match.start()), f"{seen.what} holds a word of mixed alphabets: {shown}"


def _names(tool: ToolSource) -> Iterator[tuple[str, str, ast.AST]]:
    yield (
        "the tool's name",
        tool.name,
        tool.attribute("name") or tool.node if tool.form == "class" else tool.node,
    )
    for parameter in tool.parameters:
        yield f"parameter '{parameter.arg}'", parameter.arg, parameter


def _script(char: str) -> str:
    """The alphabet of a letter, of those that hold letters that look alike."""
    word = unicodedata.name(char, "").split(" ")[0] if char.isalpha() else ""
    return word if word in _ALIKE else ""


def _looks_latin(word: str) -> bool:
    """Latin letters with single strangers among them: no foreign word, and no unit such as µm."""
    kinds = [_script(c) for c in word]
    return len(word) > 3 and "LATIN" in kinds and len({k for k in kinds if k}) > 1
