"""The card of a published tool: README.md for the Hub, and index.html, which the static Space shows."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources
from string import Template

from toolreg.bundle.model import Bundle
from toolreg.bundle.words import effects_in_words, kind_of, visible
from toolreg.contract import Docstring, ToolSpec, parse_module
from toolreg.effects import Effect

_COLOURS = {"APPROVED": "green", "BLOCKED": "red", "INCOMPLETE": "yellow"}
_VERDICTS = {
    "APPROVED": "Linted, run in a sandbox, and never seen to do more than it says.",
    "BLOCKED": "Not approved: it breaks a rule or does more than it says.",
    "INCOMPLETE": "Not fully judged; read the code before you use it.",
    "": "Not judged by toolreg.",
}


@dataclass(frozen=True, slots=True)
class _Card:
    """Everything the two pages show."""

    bundle: Bundle
    spec: ToolSpec
    effects: tuple[Effect, ...]
    docstring: Docstring
    verdict: str
    version: str
    licence: str
    repository: str

    @property
    def summary(self) -> str:
        first = re.split(r"\n\s*\n", self.spec.description.strip(), maxsplit=1)[0]
        return " ".join(first.split()) or self.spec.name

    @property
    def about(self) -> str:
        """The description without its Side effects section, which the page tells in words."""
        head = re.split(r"\n\s*Side effects?\s*:", "\n" + self.spec.description, maxsplit=1, flags=re.I)[0]
        return head.strip() or self.summary

    def section(self, name: str) -> str:
        section = self.docstring.section(name)
        return section.text if section is not None else ""

    @property
    def example(self) -> str:
        """A first use to copy: loading, and the first example of the docstring if there is one."""
        load = f'from smolagents import load_tool\n\n{self.spec.name} = load_tool("{self.repository}", trust_remote_code=True)\n'
        try:
            examples = self.docstring.examples
        except ValueError:
            examples = ()
        if examples:
            return load + examples[0].source.rstrip()
        words = ", ".join(
            f"{name}=…" for name, schema in self.spec.inputs.items() if not schema.get("nullable")
        )
        return f"{load}{self.spec.name}({words})"


def card(
    bundle: Bundle,
    spec: ToolSpec,
    effects: Iterable[Effect],
    *,
    verdict: str = "",
    version: str = "",
    licence: str = "",
    repository: str = "",
) -> Bundle:
    """The bundle with README.md and index.html: contract, declared effects, verdict, an example to copy.

    licence: an identifier of the Hub ("apache-2.0"). repository: NAMESPACE/NAME where it will stand.
    """
    docstring = parse_module("tool.py", bundle.code).tool(bundle.entry).docstring
    where = repository or f"NAMESPACE/{spec.name.replace('_', '-')}"
    told = _Card(bundle, spec, tuple(effects), docstring, verdict, version, licence, where)
    return bundle.with_files({"README.md": _readme(told).encode(), "index.html": _page(told).encode()})


def _readme(card: _Card) -> str:
    return f"---\n{_front_matter(card)}---\n\n{_markdown(card)}"


def _front_matter(card: _Card) -> str:
    """Tags stay exactly these two: a later push_to_hub of smolagents refuses a Space with any other."""
    lines = [
        f"title: {_yaml(card.spec.name)}",
        "emoji: 🔧",
        f"colorFrom: {_COLOURS.get(card.verdict, 'gray')}",
        "colorTo: gray",
        "sdk: static",
        "pinned: false",
        f"short_description: {_yaml(_short(visible(card.summary), 60).replace('<', '‹').replace('>', '›'))}",
        *([f"license: {_yaml(card.licence)}"] if card.licence else []),
        "tags:",
        "- smolagents",
        "- tool",
        "toolreg:",
        f"  name: {_yaml(card.spec.name)}",
        *([f"  version: {_yaml(card.version)}"] if card.version else []),
        *([f"  verdict: {_yaml(card.verdict)}"] if card.verdict else []),
        f"  effects: {json.dumps([str(e) for e in card.effects], ensure_ascii=False)}",
    ]
    return "\n".join(lines) + "\n"


def _markdown(card: _Card) -> str:
    parts = [f"# {card.spec.name}", _plain(card.about)]
    parts += [
        "## What it does to the world",
        "\n".join(f"* {_plain(line)}" for line in effects_in_words(card.effects)),
    ]
    if card.spec.inputs:
        rows = [
            f"| `{name}` | {_cell(kind_of(schema))} | {_cell(str(schema.get('description', '')))} |"
            for name, schema in card.spec.inputs.items()
        ]
        parts += ["## Inputs", "\n".join(["| name | type | meaning |", "|---|---|---|", *rows])]
    returns = card.section("Returns")
    parts += ["## Output", f"{card.spec.output_type}{': ' + _plain(returns) if returns else ''}"]
    if card.section("Raises"):
        parts += ["## Raises", _plain(card.section("Raises"))]
    parts += ["## Example", _fenced(card.example, "python")]
    parts += [
        "## Requirements",
        _fenced("".join(f"{r}\n" for r in card.bundle.requirements).strip() or "none", "text"),
    ]
    facts = [f"verdict: {card.verdict or 'none'}. {_VERDICTS.get(card.verdict, '')}"]
    facts += [f"version: {card.version}"] if card.version else []
    facts += [f"licence: {card.licence or 'not stated by the author'}"]
    parts += ["## Facts", "\n".join(f"* {_plain(f)}" for f in facts)]
    return "\n\n".join(parts) + "\n"


def _page(card: _Card) -> str:
    template = Template(resources.files("toolreg.bundle").joinpath("index.html").read_text(encoding="utf-8"))
    return template.substitute(
        name=_html(card.spec.name),
        summary=_html(_short(card.summary, 200)),
        about=_paragraphs(card.about),
        verdict=_html(card.verdict or "NOT JUDGED"),
        verdict_class=(card.verdict or "none").lower() if card.verdict in _COLOURS else "none",
        verdict_text=_html(_VERDICTS.get(card.verdict, "")),
        effects="".join(f"<li>{_ticked(line)}</li>" for line in effects_in_words(card.effects)),
        written="".join(f"<code>{_html(e)}</code> " for e in card.effects) or "<code>none</code>",
        inputs=_input_rows(card),
        output=_html(card.spec.output_type),
        returns=_paragraphs(card.section("Returns")),
        raises=f"<h2>Raises</h2>{_paragraphs(card.section('Raises'))}" if card.section("Raises") else "",
        example=_html(card.example),
        requirements=_html("\n".join(str(r) for r in card.bundle.requirements) or "none"),
        version=_html(card.version or "–"),
        licence=_html(card.licence or "not stated"),
    )


def _input_rows(card: _Card) -> str:
    if not card.spec.inputs:
        return "<p>none</p>"
    rows = "".join(
        f"<dt><code>{_html(name)}</code> <span>{_html(kind_of(schema))}</span></dt><dd>{_html(schema.get('description', ''))}</dd>"
        for name, schema in card.spec.inputs.items()
    )
    return f"<dl>{rows}</dl>"


def _html(text: object) -> str:
    return html.escape(visible(text))


def _ticked(text: str) -> str:
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", _html(text))


def _paragraphs(text: str) -> str:
    blocks = [b for b in re.split(r"\n\s*\n", text.strip()) if b.strip()]
    return "".join(f"<p>{_ticked(_flowing(b))}</p>" for b in blocks)


def _flowing(block: str) -> str:
    """A paragraph without its line breaks; a list or an indented block keeps them."""
    lines = block.split("\n")
    listed = any(re.match(r"\s|[-*•]|\d+[.)]|[\w.]+: ", line) for line in lines[1:])
    return block if listed else " ".join(lines)


def _plain(text: str) -> str:
    """Text as Markdown that shows it: no HTML and no picture of the author's gets in."""
    return visible(text).replace("&", "&amp;").replace("<", "&lt;").replace("![", "!\\[")


def _cell(text: str) -> str:
    return _plain(" ".join(text.split())).replace("|", "\\|")


def _fenced(text: str, language: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{visible(text)}\n{fence}"


def _short(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rsplit(" ", 1)[0] + "…"


def _yaml(text: str) -> str:
    """A text as a YAML scalar; JSON's strings are YAML's."""
    return json.dumps(visible(text), ensure_ascii=False)
