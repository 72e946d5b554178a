"""Every string of a tool that a model can see, and where each stands."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from toolreg.contract.once import once
from toolreg.contract.source import ToolSource
from toolreg.lint.api import Place, Where
from toolreg_rules._signature import default_of
from toolreg_rules._values import inputs_of, meant


@dataclass(frozen=True, slots=True)
class Seen:
    """A text for the model: what it is, its content, and the literal that holds it."""

    what: str
    text: str
    node: ast.expr

    def at(self, offset: int) -> Where:
        """The line of a character of the text."""
        if (self.node.end_lineno or self.node.lineno) == self.node.lineno:
            return self.node
        line = self.node.lineno + self.text.count("\n", 0, offset)
        return Place(min(line, self.node.end_lineno or line))


@once
def seen_by_model(tool: ToolSource) -> tuple[Seen, ...]:
    """Every text of the tool for the model; gathered once for all rules."""
    return tuple(_gathered(tool))


def _gathered(tool: ToolSource) -> Iterator[Seen]:
    """Docstring, name and description, inputs with their enums, defaults and hints that are literals."""
    if tool.docstring_node is not None:
        yield Seen("the docstring", str(tool.docstring_node.value), tool.docstring_node)
    for name in ("name", "description", "output_type") if tool.form == "class" else ():
        yield from _strings(f"'{name}'", meant(tool, tool.attribute(name)))
    for name, (key, entries) in (inputs_of(tool) or {}).items() if tool.form == "class" else ():
        yield from _strings(f"input '{name}'", key)
        for value in entries.values():
            yield from _strings(f"input '{name}'", value)
    for name, default in default_of(tool).items():
        yield from _strings(f"the default of '{name}'", meant(tool, default))
    for parameter in tool.parameters:
        if parameter.annotation is not None:
            yield from _strings(f"the type of '{parameter.arg}'", parameter.annotation)


def _strings(what: str, node: ast.expr | None) -> Iterator[Seen]:
    if node is None or isinstance(node, ast.Name):
        return
    for part in ast.walk(node) if not isinstance(node, ast.Constant) else (node,):
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value:
            yield Seen(what, part.value, part)


@once
def lowered(tool: ToolSource) -> str:
    """All texts in lower case, in one string with single spaces: to tell quickly what is not there."""
    return " ".join(" ".join([seen.text for seen in seen_by_model(tool)]).lower().split())


def searched(
    tool: ToolSource, pattern: re.Pattern[str], *needs: tuple[str, ...], examples: bool = True
) -> Iterator[tuple[Seen, re.Match[str], int]]:
    """Every match in every text, with its offset there; line breaks and indentation are read as one space.

    examples: False to leave out what examples print, which is data.
    needs: words in lower case, of each tuple at least one, without which the pattern cannot match: so most tools
    are told quickly.
    """
    text = lowered(tool)
    for words in needs:
        if not _holds_one(text, words):
            return
    for seen in seen_by_model(tool):
        end = len(seen.text) if examples else seen.text.find(">>>") % (len(seen.text) + 1)
        flat, starts = _flattened(seen.text if end == len(seen.text) else seen.text[:end])
        for match in pattern.finditer(flat):
            yield seen, match, starts[bisect_right(starts, (match.start(), len(seen.text))) - 1][1]


def _holds_one(text: str, words: tuple[str, ...]) -> bool:
    for word in words:  # noqa: SIM110 - a generator costs as much again
        if word in text:
            return True
    return False


@lru_cache(maxsize=64)
def _flattened(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The words with one space between them, and (place there, place in the text) of each."""
    words, starts, at = [], [(0, 0)], 0
    for word in _WORD.finditer(text):
        words.append(word[0])
        starts.append((at, word.start()))
        at += len(word[0]) + 1
    return " ".join(words), starts


_WORD = re.compile(r"\S+")


def quoted(match: re.Match[str], limit: int = 80) -> str:
    """The words that matched, on one line."""
    text = " ".join(match[0].split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
