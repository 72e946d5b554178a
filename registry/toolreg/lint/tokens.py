"""The words of a description that carry meaning, to tell whether two tools sound alike."""

from __future__ import annotations

import re

from toolreg.contract.source import ToolSource

_WORD = re.compile(r"[^\W_]+")
_EMPTY = frozenset(
    _WORD.findall(
        "a an and any are as at be by can do for from get given gets give gives has have in into is it its let lets of on or return returns"
        " such that the their them then this to tool use used uses using want when which will with you your"
    )
)


def described_words(tool: ToolSource) -> str:
    """The summary's words without the empty ones, sorted, each once."""
    text = tool.docstring.summary
    if tool.form == "class":
        value = getattr(tool.attribute("description"), "value", None)
        text = value if isinstance(value, str) else text
    return " ".join(sorted({word.lower() for word in _WORD.findall(text)} - _EMPTY))
