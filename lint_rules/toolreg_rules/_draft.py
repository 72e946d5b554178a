"""Docstrings as blocks of lines: to add, move and rewrite sections without touching the rest."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, replace

from toolreg.contract.docstring import ORDER
from toolreg.contract.once import once
from toolreg.contract.source import ToolSource
from toolreg.effects import Effect
from toolreg.infer import infer
from toolreg.lint.api import Edit, Fix, Place
from toolreg.lint.judge import place_of

STEP = "    "


@dataclass(frozen=True, slots=True)
class Block:
    """A section as it is written: canonical name, and its lines without the docstring's own indentation."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A docstring taken apart. opening: prefix and quotes; indent: that of its lines."""

    opening: str
    indent: str
    head: tuple[str, ...]
    blocks: tuple[Block, ...]

    def with_block(self, block: Block) -> Draft:
        """The block in place of that of its name, or where the order wants it."""
        if any(b.name == block.name for b in self.blocks):
            return replace(self, blocks=tuple(block if b.name == block.name else b for b in self.blocks))
        after = [n for n, b in enumerate(self.blocks) if _rank(b.name) <= _rank(block.name)]
        at = max(after) + 1 if after else 0
        return replace(self, blocks=(*self.blocks[:at], block, *self.blocks[at:]))

    def in_order(self) -> Draft:
        """Known sections in order; one that is not known stays behind the section it followed."""
        ranks: list[int] = []
        for block in self.blocks:
            ranks.append(_rank(block.name) if block.name in ORDER else ranks[-1] if ranks else -1)
        order = sorted(range(len(ranks)), key=lambda n: (ranks[n], n))
        return replace(self, blocks=tuple(self.blocks[n] for n in order))

    def text(self, newline: str = "\n") -> str:
        """The literal, quotes and all."""
        parts = ["\n".join(self.head)] if self.head else []
        parts += ["\n".join(block.lines) for block in self.blocks]
        lines = "\n\n".join(parts).split("\n")
        body = "\n".join(
            [lines[0], *(f"{self.indent}{line}".rstrip() if line.strip() else "" for line in lines[1:])]
        )
        end = f"\n{self.indent}" if len(lines) > 1 or body.endswith(('"', "\\")) else ""
        return (self.opening + body + end + self.opening.lstrip("rRuU")).replace("\n", newline)


@once
def draft_of(tool: ToolSource) -> Draft | None:
    """The tool's docstring taken apart; None where it is not one plain literal between triple quotes."""
    node = tool.docstring_node
    opening, inner = _taken_apart(_segment(tool, node)) if node is not None else ("", "")
    # Escapes are kept as they are written, as long as they make no lines.
    if node is None or not opening or inner.count("\n") != str(node.value).count("\n"):
        return None
    indent = indent_of(tool, node)
    lines = [line.removeprefix(indent) if n else line.strip() for n, line in enumerate(inner.split("\n"))]
    starts = sorted({s.line - node.lineno: s.name for s in tool.docstring.sections}.items())
    if tool.docstring.style != "google" or any(not 0 <= n < len(lines) for n, _ in starts):
        starts = []
    ends = [n for n, _ in starts[1:]] + [len(lines)] * bool(starts)
    blocks = [Block(name, _trim(lines[n:end])) for (n, name), end in zip(starts, ends, strict=True)]
    return Draft(opening, indent, _trim(lines[: starts[0][0] if starts else len(lines)]), tuple(blocks))


def fix_of(tool: ToolSource, draft: Draft | None, message: str, *, safe: bool = False) -> Fix | None:
    """The edit that puts a draft in place of the docstring."""
    node = tool.docstring_node
    if node is None or draft is None:
        return None
    return Fix(message, (Edit(place_of(node), draft.text(newline_of(tool))),), safe)


def newline_of(tool: ToolSource) -> str:
    """How the lines of the file end."""
    text = tool.module.text
    return "\r\n" if "\r\n" in text else "\r" if "\r" in text and "\n" not in text else "\n"


def indent_of(tool: ToolSource, node: ast.stmt | ast.expr) -> str:
    """What stands before a node on its line, if that is only space or tabs; else as many spaces."""
    before = tool.module.lines[node.lineno - 1].encode()[: node.col_offset].decode()
    return before if not before.strip() else " " * node.col_offset


def _taken_apart(segment: str) -> tuple[str, str]:
    """(prefix and quotes, what stands between them) of a plain literal, one quote made three; ("", "") for others."""
    prefix = segment[: len(segment) - len(segment.lstrip("rRuU"))]
    body = segment[len(prefix) :]
    for quotes in ('"""', "'''"):
        if body.startswith(quotes) and body.endswith(quotes) and len(body) >= 6:
            inner = body[3:-3]
            return (prefix + quotes, inner) if quotes not in inner.replace("\\" + quotes[0], "") else ("", "")
    if body[:1] in ("'", '"') and body[:1] == body[-1:] and len(body) >= 2:
        inner = body[1:-1]
        plain = '"""' not in inner and body[0] not in inner.replace("\\" + body[0], "")
        return (prefix + '"""', inner) if plain and not inner.endswith(('"', "\\")) else ("", "")
    return "", ""


def insertion(tool: ToolSource, draft: Draft, message: str) -> Fix:
    """The edit that gives a docstring to a tool that has none."""
    first = tool.node.body[0]
    newline = newline_of(tool)
    before = tool.module.lines[first.lineno - 1].encode()[: first.col_offset]
    if before.strip():  # the body begins on the line of the header
        at = len(before.rstrip())
        text = f"{newline}{draft.indent}{draft.text(newline)}{newline}{draft.indent}"
        return Fix(message, (Edit(Place(first.lineno, at, first.lineno, first.col_offset), text),))
    draft = replace(draft, indent=before.decode())
    text = f"{draft.text(newline)}{newline}{draft.indent}"
    return Fix(message, (Edit(Place(first.lineno, first.col_offset, first.lineno, first.col_offset), text),))


def effects_block(effects: Iterable[Effect]) -> Block:
    """`Side effects:` as it is written for these effects."""
    lines = [
        f"{STEP}{e.kind}: {e.target}" + (f" ({e.qualifier})" if e.qualifier else "")
        for e in sorted(set(effects))
    ]
    return Block("Side effects", ("Side effects:", *lines) if lines else ("Side effects: none",))


def inferred_block(tool: ToolSource) -> Block:
    """What the code was seen to do, as a section."""
    return effects_block(_least(infer(tool).effects))


def _least(effects: Iterable[Effect]) -> list[Effect]:
    """Effects that no other of them covers."""
    every = list(effects)
    return [e for e in every if not any(o != e and o.covers(e) for o in every)]


def _segment(tool: ToolSource, node: ast.Constant) -> str:
    lines = [line.encode() for line in tool.module.lines[node.lineno - 1 : node.end_lineno]]
    if not lines:
        return ""
    lines[-1] = lines[-1][: node.end_col_offset]
    lines[0] = lines[0][node.col_offset :]
    return b"\n".join(lines).decode()


def _trim(lines: list[str]) -> tuple[str, ...]:
    kept = [line.rstrip() for line in lines]
    while kept and not kept[-1]:
        kept.pop()
    while kept and not kept[0]:
        kept.pop(0)
    return tuple(kept)


def _rank(name: str) -> int:
    return ORDER.index(name) if name in ORDER else len(ORDER)
