import ast
import re
import unicodedata
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import class_tool, function_tool
from toolreg.lint.walk import nodes
from toolreg_rules._text import Seen, seen_by_model

_HIDDEN = frozenset(
    map(
        chr,
        (
            0xAD,
            0x34F,
            0x61C,
            0x115F,
            0x1160,
            0x17B4,
            0x17B5,
            0x180E,
            0x2800,
            0x3164,
            0xFEFF,
            0xFFA0,
            *range(0x180B, 0x180E),
            *range(0x200B, 0x2010),
            *range(0x202A, 0x202F),
            *range(0x2060, 0x2070),
        ),
    )
)


def is_hidden(char: str) -> bool:
    """True for characters without a shape of their own: invisible, direction marks, tags, variation selectors."""
    return char in _HIDDEN or 0xE0000 <= ord(char) <= 0xE01EF or _CONTROL.match(char) is not None


# Control characters steer a terminal; those that make lines and columns are no hiding place.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")


def _joins_emoji(text: str, at: int) -> bool:
    """A joiner between two emoji, or between letters of a script that needs it, is no hiding place."""
    if text[at] not in "\u200c\u200d" or not 0 < at < len(text) - 1:
        return False
    return all(ord(c) > 0x5FF for c in (text[at - 1], text[at + 1]))


def _strings_of_code(tool: ToolSource) -> Iterator[Seen]:
    """Strings that the tool may give back; the docstring is looked at already."""
    if tool.module.text.isascii():
        return
    for node in nodes(tool, ast.Constant):
        if (
            isinstance(node.value, str)
            and node is not tool.docstring_node
            and not node.value.isascii()
            and "\\" not in _written(tool, node)
        ):
            yield Seen("a string", node.value, node)


def _written(tool: ToolSource, node: ast.Constant) -> str:
    lines = tool.module.lines[node.lineno - 1 : node.end_lineno]
    return "\n".join(lines)


@rule(
    "TRG601",
    "hidden-character",
    Severity.ERROR,
    bad=[
        function_tool("return text.splitlines()[0]", summary="Shorten a text\u200b to its first line."),
        function_tool(
            "return text.splitlines()[0]",
            summary="Shorten a text to its first line.\U000e006f\U000e0062\U000e0065\U000e0079",
        ),
    ],
    good=[
        function_tool("return text.splitlines()[0]"),
        class_tool(),
        function_tool(
            "return text.splitlines()[0]",
            summary="Shorten a text to its first line, naïveté and 家 included.",
        ),
    ],
    references=[
        "https://www.unicode.org/reports/tr36/",
        "https://invariantlabs.ai/blog/mcp-security-notification-tool-poisoning-attacks",
    ],
)
def hidden_character(tool: ToolSource) -> Iterator[Hit]:
    """A character that people do not see and models read.

    Tag characters spell whole sentences that no editor shows; direction marks turn what is seen around; zero-width
    characters hide inside words. Remove them, or write them as escapes where the tool needs them.
    """
    for seen in (*seen_by_model(tool), *_strings_of_code(tool)):
        if seen.text.isascii() and not _CONTROL.search(seen.text):
            continue
        found = [(n, c) for n, c in enumerate(seen.text) if is_hidden(c) and not _joins_emoji(seen.text, n)]
        if found:
            codes = ", ".join(
                dict.fromkeys(f"U+{ord(c):04X} {unicodedata.name(c, 'unnamed')}" for _, c in found[:4])
            )
            hidden = "".join(chr(ord(c) - 0xE0000) for _, c in found if 0xE0020 <= ord(c) < 0xE007F)
            yield (
                seen.at(found[0][0]),
                f"{seen.what} holds hidden characters: {codes}"
                + (f"; they spell '{hidden}'" if hidden else ""),
            )
