"""Drafts of sections from what signature and code say; a person has still to say the rest."""

from __future__ import annotations

import ast

from toolreg.contract.docstring import ORDER
from toolreg.contract.source import ToolSource
from toolreg_rules._draft import STEP, Block, Draft, draft_of, inferred_block


def args_block(tool: ToolSource) -> Block | None:
    """`Args:` with a line for each parameter, those described already as they are."""
    draft = draft_of(tool)
    old = next((b.lines for b in draft.blocks if b.name == "Args"), ()) if draft else ()
    section = tool.docstring.section("Args")
    described = {item.name for item in section.items()} if section else set()
    new = [f"{STEP}{p.arg}: {_say(p)}" for p in tool.parameters if p.arg not in described]
    return Block("Args", (*(old or ("Args:",)), *new)) if new else None


def returns_block(tool: ToolSource) -> Block:
    """`Returns:` with the type that the signature gives."""
    hint = tool.call.returns if tool.call is not None else None
    return Block("Returns", ("Returns:", f"{STEP}The result{_typed(hint)}."))


def raises_block(tool: ToolSource) -> Block | None:
    """`Raises:` with the classes that the code raises by name."""
    raised = (
        [n.exc for n in ast.walk(tool.call) if isinstance(n, ast.Raise) and n.exc is not None]
        if tool.call
        else []
    )
    names = dict.fromkeys(
        ast.unparse(e.func if isinstance(e, ast.Call) else e).split(".")[-1] for e in raised
    )
    lines = [f"{STEP}{name}: The call cannot be answered." for name in names if name[:1].isupper()]
    return Block("Raises", ("Raises:", *lines)) if lines else None


def whole(tool: ToolSource) -> Draft:
    """A docstring for a tool that has none."""
    indent = " " * (tool.node.col_offset + 4)
    words = tool.name.replace("_", " ").strip() or "tool"
    described = tool.attribute("description") if tool.form == "class" else None
    text = (
        described.value.strip()
        if isinstance(described, ast.Constant) and isinstance(described.value, str)
        else ""
    )
    plain = (
        text
        if text and text.isprintable() and "\\" not in text and '"' not in text
        else words[:1].upper() + words[1:] + "."
    )
    draft = Draft('"""', indent, (plain,), (inferred_block(tool),))
    blocks = (args_block(tool) if tool.form == "function" else None, returns_block(tool), raises_block(tool))
    for block in blocks:
        draft = draft.with_block(block) if block is not None else draft
    return draft


def in_google_style(tool: ToolSource) -> Draft | None:
    """A NumPy or ReST docstring, or one with other headings, in Google's words."""
    draft = draft_of(tool)
    if draft is None:
        return None
    if tool.docstring.style == "google":
        return _renamed(draft)
    head = tuple(_head(tool.docstring.text.split("\n")))
    blocks = []
    for section in tool.docstring.sections:
        if section.name in ORDER:
            title = section.name + (f": {section.inline}" if section.inline else ":")
            blocks.append(
                Block(
                    section.name,
                    (title, *(f"{STEP}{line}".rstrip() for line in _without_rules(section.lines))),
                )
            )
    made = Draft(draft.opening, draft.indent, head, ())
    for block in blocks:
        made = made.with_block(block)
    return made


def _renamed(draft: Draft) -> Draft:
    blocks = tuple(Block(b.name, ("Args:", *b.lines[1:])) if b.name == "Args" else b for b in draft.blocks)
    return Draft(draft.opening, draft.indent, draft.head, blocks)


def _head(lines: list[str]) -> list[str]:
    """The text above the first section of any style."""
    kept: list[str] = []
    for number, line in enumerate(lines):
        below = lines[number + 1].strip() if number + 1 < len(lines) else ""
        starts = line.strip().startswith(
            (
                ":param",
                ":return",
                ":raise",
                ":type",
                ":rtype",
                ":arg",
                "@param",
                "@return",
                "@raise",
                "@type",
                "@rtype",
                ">>>",
                "Side effects:",
            )
        )
        if starts or (below and set(below) == {"-"} and line.strip()):
            break
        kept.append(line.rstrip())
    while kept and not kept[-1]:
        kept.pop()
    return kept


def _without_rules(lines: tuple[str, ...]) -> list[str]:
    """Lines without NumPy's underlines, headings and what follows the examples."""
    kept = [line for line in lines if not line.strip() or set(line.strip()) != {"-"}]
    while kept and not kept[-1].strip():
        kept.pop()
    return kept


def _say(parameter: ast.arg) -> str:
    return f"The {parameter.arg.replace('_', ' ')}{_typed(parameter.annotation)}."


def _typed(hint: ast.expr | None) -> str:
    return f", as {ast.unparse(hint)}" if hint is not None and not isinstance(hint, ast.Constant) else ""
