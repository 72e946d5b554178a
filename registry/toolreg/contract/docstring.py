"""The docstring is the contract: its summary and sections, with the line of each.

Google style is read here, by hand and fast; NumPy and ReST go through docstring-parser.
"""

from __future__ import annotations

import ast
import inspect
import re
from dataclasses import dataclass
from functools import lru_cache

SECTIONS = {
    "side effects": "Side effects",
    "side effect": "Side effects",
    "args": "Args",
    "arguments": "Args",
    "parameters": "Args",
    "params": "Args",
    "returns": "Returns",
    "return": "Returns",
    "yields": "Returns",
    "raises": "Raises",
    "raise": "Raises",
    "examples": "Examples",
    "example": "Examples",
    "note": "Note",
    "notes": "Note",
    "warning": "Warning",
    "warnings": "Warning",
    "references": "References",
    "see also": "See also",
    "todo": "Todo",
    "attributes": "Attributes",
}
ORDER = ("Side effects", "Args", "Returns", "Raises", "Examples")

_HEADER = re.compile(r"(?P<indent>\s*)(?P<name>[A-Za-z][A-Za-z ]{2,15}?)\s*:\s*(?P<rest>\S.*)?\Z")
_ITEM = re.compile(
    r"\s*(?P<name>\*{0,2}[^\W\d][\w.]*)\s*(?:\((?P<type>[^()]*(?:\([^()]*\)[^()]*)*)\))?\s*:(?:\s+|\Z)(?P<text>.*)",
    re.S,
)
_OTHER_STYLE = re.compile(
    r"^\s*[:@](param|parameter|arg|returns?|raises?|type|rtype)\b|^\s*(Parameters|Returns|Raises|Examples)\s*\n\s*-{3,}\s*$",
    re.M,
)
_BLANK = (" ", "\t")
# One of these stands wherever another style does.
_OTHER_MARKS = (
    "---",
    ":param",
    ":arg",
    ":return",
    ":raises",
    ":type",
    ":rtype",
    "@param",
    "@return",
    "@raise",
    "@type",
    "@rtype",
)


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of Args or Raises: `name (type): text`, at a line of the file."""

    name: str
    type: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Example:
    """One doctest: source (ends with a newline), what must be printed or raised, the line of its `>>>`."""

    source: str
    want: str
    line: int
    options: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A section: canonical name, as written, its lines (dedented) and the line of its header."""

    name: str
    written: str
    lines: tuple[str, ...]
    line: int
    inline: str = ""

    @property
    def text(self) -> str:
        return "\n".join(([self.inline] if self.inline else []) + list(self.lines)).strip()

    def items(self) -> tuple[Item, ...]:
        """Entries of Args or Raises, continuation lines joined."""
        return _items(self.lines, self.line)


@dataclass(frozen=True, slots=True)
class Docstring:
    """A docstring, read. `style` is google, numpy, rest or epytext; `line` is where its text begins (1-based)."""

    text: str
    line: int
    summary: str
    sections: tuple[Section, ...]
    style: str = "google"

    def section(self, name: str) -> Section | None:
        return next((s for s in self.sections if s.name == name), None)

    @property
    def effect_lines(self) -> tuple[tuple[int, str], ...] | None:
        """(line, text) of each declared effect; None where there is no `Side effects:` section."""
        section = self.section("Side effects")
        if section is None:
            return None
        inline = [(section.line, section.inline)] if section.inline else []
        return tuple(
            inline
            + [(section.line + 1 + n, line.strip()) for n, line in enumerate(section.lines) if line.strip()]
        )

    @property
    def examples(self) -> tuple[Example, ...]:
        """The doctests of the Examples section. Raises ValueError where doctest cannot read them."""
        import doctest

        section = self.section("Examples")
        if section is None:
            return ()
        flags = {number: name for name, number in doctest.OPTIONFLAGS_BY_NAME.items()}
        parsed = doctest.DocTestParser().get_examples("\n".join(section.lines) + "\n")
        return tuple(
            Example(
                e.source,
                e.want,
                section.line + 1 + e.lineno,
                tuple(flags[k] for k, on in e.options.items() if on),
                e.exc_msg or "",
            )
            for e in parsed
        )


EMPTY = Docstring("", 0, "", ())


def docstring_node(node: ast.AST) -> ast.Constant | None:
    """The literal that is a function's or class's docstring."""
    body = getattr(node, "body", None)
    if not body or not isinstance(body[0], ast.Expr) or not isinstance(body[0].value, ast.Constant):
        return None
    return body[0].value if isinstance(body[0].value.value, str) else None


def read_docstring(node: ast.AST) -> Docstring:
    """The docstring of a definition; EMPTY where it has none."""
    literal = docstring_node(node)
    return EMPTY if literal is None else parse_docstring(str(literal.value), literal.lineno)


def parse_docstring(text: str, line: int = 1) -> Docstring:
    """Read a docstring whose opening quotes stand at `line`."""
    if any(mark in text for mark in _OTHER_MARKS) and _OTHER_STYLE.search(text):
        other = _parse_other_style(text, line)
        if other is not None:
            return other
    clean = inspect.cleandoc(text)
    return _parse_google(clean, line + text[: len(text) - len(text.lstrip())].count("\n"))


def _parse_google(clean: str, first: int) -> Docstring:
    lines = _outdented(clean.split("\n"))
    heads = [
        (n, m)
        for n, text in enumerate(lines)
        if ":" in text and text[:1] not in _BLANK and (m := _HEADER.fullmatch(text)) and _is_header(m)
    ]
    head_lines = lines[: heads[0][0]] if heads else lines
    sections = []
    for index, (n, match) in enumerate(heads):
        end = heads[index + 1][0] if index + 1 < len(heads) else len(lines)
        body = _trimmed(lines[n + 1 : end])
        name = SECTIONS[match["name"].lower()]
        sections.append(Section(name, match["name"], body, first + n, match["rest"] or ""))
    return Docstring(clean, first, _summary(head_lines), tuple(sections))


def _outdented(lines: list[str]) -> list[str]:
    """Sections that stand further right than the summary are moved left: smolagents reads them there too."""
    found = [
        n
        for n, text in enumerate(lines)
        if ":" in text and (m := _HEADER.fullmatch(text.strip())) and _is_header(m)
    ]
    depths = [len(lines[n]) - len(lines[n].lstrip()) for n in found]
    depth = min(depths, default=0)
    if not depth:
        return lines
    first = found[depths.index(depth)]
    return lines[:first] + [t[depth:] if not t[:depth].strip() else t for t in lines[first:]]


def _is_header(match: re.Match[str]) -> bool:
    name = match["name"].lower()
    if name not in SECTIONS or match["indent"]:
        return False
    return not match["rest"] or SECTIONS[name] in ("Side effects", "Returns")


def _summary(lines: list[str]) -> str:
    paragraph: list[str] = []
    for line in lines:
        if not line.strip():
            if paragraph:
                break
            continue
        paragraph.append(line.strip())
    return " ".join(paragraph)


@lru_cache(maxsize=512)
def _items(lines: tuple[str, ...], header: int) -> tuple[Item, ...]:
    found: list[Item] = []
    indent = _indent(lines)
    for offset, line in enumerate(lines):
        match = _ITEM.match(line) if line.strip() and len(line) - len(line.lstrip()) <= indent else None
        if match:
            name, kind, text = match["name"].lstrip("*"), match["type"] or "", match["text"].strip()
            found.append(Item(name, kind, text, header + 1 + offset))
        elif found and line.strip():
            last = found[-1]
            found[-1] = Item(last.name, last.type, f"{last.text} {line.strip()}".strip(), last.line)
    return tuple(found)


def _trimmed(lines: list[str]) -> tuple[str, ...]:
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    indent = _indent(lines)
    return tuple(line[indent:] if line.strip() else "" for line in lines)


def _indent(lines: list[str] | tuple[str, ...]) -> int:
    return min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)


def _first_block(section: Section) -> Section:
    """A Google section within another style ends at the first empty line, or where it says all in its own line."""
    end = (
        0
        if section.inline
        else next((n for n, line in enumerate(section.lines) if not line.strip()), len(section.lines))
    )
    return Section(section.name, section.written, section.lines[:end], section.line, section.inline)


def _parse_other_style(text: str, line: int) -> Docstring | None:
    """NumPy and ReST, through docstring-parser; the Side effects section stays Google's."""
    import docstring_parser
    from docstring_parser import DocstringStyle

    clean = inspect.cleandoc(text)
    numpy = re.search(r"^\s*-{3,}\s*$", clean, re.M) is not None
    epytext = not numpy and re.search(r"^\s*@(param|returns?|raises?|r?type)\b", clean, re.M) is not None
    other = DocstringStyle.EPYDOC if epytext else DocstringStyle.REST
    try:
        parsed = docstring_parser.parse(clean, DocstringStyle.NUMPYDOC if numpy else other)
    except docstring_parser.ParseError:
        return None
    first = line + text[: len(text) - len(text.lstrip())].count("\n")
    sections = [_first_block(s) for s in _parse_google(clean, first).sections if s.name == "Side effects"]
    if parsed.params:
        body = tuple(f"{p.arg_name}: {' '.join((p.description or '').split())}" for p in parsed.params)
        sections.append(Section("Args", "Parameters" if numpy else ":param", body, first))
    if parsed.returns:
        sections.append(Section("Returns", "Returns", (parsed.returns.description or "",), first))
    if parsed.raises:
        raises = tuple(f"{r.type_name}: {' '.join((r.description or '').split())}" for r in parsed.raises)
        sections.append(Section("Raises", "Raises", raises, first))
    where = clean.find(">>>")
    if where >= 0:
        above = clean[:where].count("\n")
        body = _trimmed(clean.split("\n")[above:])
        sections.append(Section("Examples", "Examples", body, first + above - 1))
    return Docstring(
        clean,
        first,
        parsed.short_description or "",
        tuple(sections),
        "numpy" if numpy else "epytext" if epytext else "rest",
    )
