"""Drafts of sections from what signature and code say; a person has still to say the rest."""

from __future__ import annotations

import ast
import re
from dataclasses import replace

from toolreg.contract.docstring import ORDER
from toolreg.contract.source import ToolSource
from toolreg_rules._draft import STEP, Block, Draft, draft_of, indent_of, inferred_block


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
    indent = indent_of(tool, tool.node)
    indent += "\t" if indent.endswith("\t") else STEP
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
    made = replace(made, blocks=(*made.blocks, *_others(tool.docstring.text.split("\n"))))
    return made if not _lost(tool.docstring.text, made.text()) else None


# Headings of NumPy that Google's sections stand for.
_MAPPED = frozenset({"parameters", "other parameters", "returns", "yields", "raises", "examples"})
_RULE = re.compile(r"\s*-{3,}\s*")
_MARKUP = re.compile(
    r"[:@](?:param|parameter|arg|type|returns?|rtype|raises?|var|ivar)\b[^:]*:?|^[ \t]*[\w*]+(?:, [\w*]+)* ?: .*$",
    re.M,
)


def _others(lines: list[str]) -> list[Block]:
    """NumPy's other sections, such as Notes, with their text as it is."""
    heads = [n - 1 for n, line in enumerate(lines) if n and _RULE.fullmatch(line) and lines[n - 1].strip()]
    blocks: list[Block] = []
    if not heads:
        return blocks
    for head, end in zip(heads, [*heads[1:], len(lines)], strict=True):
        if lines[head].strip().lower() not in _MAPPED:
            text = _without_rules(tuple(lines[head + 1 : end]))
            blocks.append(
                Block(
                    lines[head].strip(),
                    (f"{lines[head].strip()}:", *(f"{STEP}{t.strip()}".rstrip() for t in text)),
                )
            )
    return blocks


def _lost(before: str, after: str) -> bool:
    """Some sentence of the old text stands nowhere in the new one: then nothing is rewritten."""
    told = set(re.findall(r"\w{4,}", _MARKUP.sub(" ", before)))
    return bool(told - set(re.findall(r"\w{4,}", after)) - {"Parameters", "Other", "Yields"} - _TYPE_WORDS)


_TYPE_WORDS = frozenset(
    {
        "bool",
        "dict",
        "float",
        "list",
        "tuple",
        "None",
        "optional",
        "default",
        "string",
        "object",
        "param",
        "return",
    }
)


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
    if hint is None or isinstance(hint, ast.Constant):
        return ""
    return ", as " + _TYPING.sub(lambda match: match[1].lower(), ast.unparse(hint))


_TYPING = re.compile(r"\b(?:typing\.)?(List|Dict|Tuple|Set|FrozenSet)\b(?=\[)")
