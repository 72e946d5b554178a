"""Complete tool modules around one thing that a rule is about: keeps examples short to write, whole to read."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent, indent

_KNOWN = {
    "text": 'Text to shorten, e.g. "one two".',
    "url": 'Address of the page, e.g. "https://example.com/".',
    "path": 'File to read, e.g. "notes.txt".',
    "count": "How many items to give, 1 to 100.",
    "name": 'Name of the entry, e.g. "Ada".',
}


def function_tool(
    body: str,
    *,
    signature: str = "text: str",
    returns: str = "str",
    name: str = "first_line",
    summary: str = "Shorten a text to its first line.",
    effects: str | None = "none",
    args: Mapping[str, str] | None = None,
    gives: str | None = "The first line, without its end.",
    raises: str = "",
    examples: str | None = ">>> first_line('one')\n'one'",
    head: str = "",
    above: str = "@tool",
    word: str = "def",
) -> str:
    """A module with one `@tool` function; what is None is left out of its docstring."""
    if (
        head.startswith(("import ", "from "))
        and not head.startswith("from smolagents")
        and not _needed_by(head, signature)
    ):
        head, body = "", f"{head}\n\n{dedent(body).strip()}"
    names = [part.split(":")[0].split("=")[0].strip(" *") for part in signature.split(",")]
    known = (
        args
        if args is not None
        else {n: _KNOWN.get(n, f'The {n} to work on, e.g. "one".') for n in names if n.isidentifier()}
    )
    sections = [summary]
    if effects is not None:
        sections.append(
            "Side effects: none" if effects == "none" else "Side effects:\n" + indent(effects, "    ")
        )
    if known:
        sections.append("Args:\n" + "\n".join(f"    {n}: {text}" for n, text in known.items()))
    sections += [
        f"{title}:\n" + indent(text, "    ")
        for title, text in (("Returns", gives), ("Raises", raises), ("Examples", examples))
        if text
    ]
    doc = indent("\n\n".join(sections).lstrip("\n"), "    ").lstrip()
    top = f"{dedent(head).strip()}\n\n" if head else ""
    lead = f"from smolagents import tool\n{top}\n" if not head.startswith("from smolagents") else f"{top}\n"
    arrow = f" -> {returns}" if returns else ""
    return f'{lead}\n{above}\n{word} {name}({signature}){arrow}:\n    """{doc}\n    """\n{indent(dedent(body).strip(), "    ")}\n'


def _needed_by(head: str, signature: str) -> bool:
    """An import that the hints need stays at the top; others stand in the function, where smolagents wants them."""
    return any(name.strip() in signature for name in head.rpartition("import")[2].split(","))


def class_tool(
    body: str = "return text.split()[0]",
    *,
    signature: str = "self, text: str",
    returns: str = "str",
    name: str | None = '"first_word"',
    description: str | None = '"Give the first word of a text."',
    inputs: str | None = '{"text": {"type": "string", "description": "Text with at least one word."}}',
    output_type: str | None = '"string"',
    effects: str = "none",
    more: str = "",
    head: str = "",
    word: str = "def",
    example: str = ">>> FirstWord()('one two')\n'one'",
) -> str:
    """A module with one `Tool` subclass; what is None is left out."""
    declared = "Side effects: none" if effects == "none" else "Side effects:\n" + indent(effects, "    ")
    sections = [
        "Give the first word of a text.",
        declared,
        "Returns:\n    The first word.",
        "Examples:\n" + indent(example, "    "),
    ]
    doc = indent("\n\n".join(sections), "    ").lstrip()
    attributes = (
        ("name", name),
        ("description", description),
        ("inputs", inputs),
        ("output_type", output_type),
    )
    lines = "\n".join(f"    {key} = {value}" for key, value in attributes if value is not None)
    extra = f"\n\n{indent(dedent(more).strip(), '    ')}" if more else ""
    top = f"{dedent(head).strip()}\n\n" if head else ""
    arrow = f" -> {returns}" if returns else ""
    forward = f"    {word} forward({signature}){arrow}:\n{indent(dedent(body).strip(), '        ')}"
    return f'from smolagents import Tool\n{top}\n\nclass FirstWord(Tool):\n    """{doc}\n    """\n\n{lines}{extra}\n\n{forward}\n'
