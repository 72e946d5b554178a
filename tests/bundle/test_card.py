"""README.md and index.html: the contract in plain words, safe to show, the same every time."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
import yaml

from toolreg.bundle import Bundle, bundle, card
from toolreg.bundle.words import effects_in_words, in_words, kind_of
from toolreg.contract import parse_module, spec_of
from toolreg.effects import Effect

SOURCE = '''
from smolagents import tool

@tool
def fetch_note(url: str, how: str = "fast") -> dict:
    """Fetch a note <script>alert(1)</script>
    from somewhere | else.

    Second paragraph with `code` and ![a picture](https://x.example/p.png).

    Side effects:
        net: {url}
        write: notes/*.md

    Args:
        url: Where | from.
        how: How (choices: ["fast", "slow"])

    Returns:
        The note \u202eedoc.

    Raises:
        ValueError: There is none.

    Examples:
        >>> fetch_note("https://example.com")["a"]
        1
    """
    return {"a": 1}
'''


def made(**words: str) -> Bundle:
    tool = parse_module("m.py", SOURCE.encode()).tools[0]
    built = bundle(tool)
    spec = spec_of(parse_module("tool.py", built.code).tool(built.entry))
    return card(built, spec, tool.declared or (), **words)


def front_matter(readme: str) -> dict[str, object]:
    _, head, _ = readme.split("---\n", 2)
    found = yaml.safe_load(head)
    assert isinstance(found, dict)
    return found


def test_the_front_matter_has_exactly_the_tags_that_smolagents_accepts() -> None:
    told = front_matter(
        made(verdict="APPROVED", version="1.2.0", licence="apache-2.0").files["README.md"].decode()
    )
    assert told["tags"] == ["smolagents", "tool"]
    assert told["sdk"] == "static"
    assert told["license"] == "apache-2.0"
    assert told["toolreg"] == {
        "name": "fetch_note",
        "version": "1.2.0",
        "verdict": "APPROVED",
        "effects": ["net:{url}", "write:notes/*.md"],
    }
    assert len(str(told["short_description"])) <= 60


def test_the_card_says_the_contract_and_an_example_to_copy() -> None:
    readme = made().files["README.md"].decode()
    assert "connects to the host given as `url`, to read" in readme
    assert "creates, changes or deletes `notes/*.md`" in readme
    assert '| `how` | "fast" or "slow", optional | How |' in readme
    assert 'fetch_note("https://example.com")["a"]' in readme
    assert 'load_tool("NAMESPACE/fetch-note", trust_remote_code=True)' in readme
    assert "licence: not stated by the author" in readme


def test_nothing_of_the_author_becomes_markup_or_hides() -> None:
    files = made(verdict="APPROVED").files
    for name in ("README.md", "index.html"):
        text = files[name].decode()
        assert "<script" not in text
        assert "\u202e" not in text
        assert "⟨U+202E⟩" in text
    assert "![a picture]" not in files["README.md"].decode()


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [
            f"{tag} {name}"
            for name, value in attrs
            if name in ("src", "href", "onclick") or "http" in (value or "")
        ]
        if tag not in ("meta", "br", "link", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_stands_alone_and_is_well_formed() -> None:
    page = made(verdict="BLOCKED").files["index.html"].decode()
    reader = _Links()
    reader.feed(page)
    assert reader.found == []
    assert reader.open == []
    assert "default-src 'none'" in page
    assert "prefers-color-scheme:dark" in page
    assert 'name="viewport"' in page
    assert "<strong>BLOCKED</strong>" in page


def test_a_card_never_changes_what_was_tried() -> None:
    plain = made()
    assert made(verdict="APPROVED").code == plain.code
    with pytest.raises(ValueError, match="fixed"):
        plain.with_files({"tool.py": b"other"})


@pytest.mark.parametrize(
    ("effect", "words"),
    [
        ("net:api.example.com (writes)", "connects to `api.example.com`, and changes things there"),
        ("net:*", "connects to any host, to read"),
        ("read:{path}", "reads the file given as `path`"),
        ("read:data/{name}.csv", "reads `data/{name}.csv`"),
        ("env:API_KEY", "reads the environment variable `API_KEY`"),
        ("run:git", "starts the program `git`"),
        ("code:*", "runs code that is made while it runs"),
        ("listen:8080", "accepts connections on port `8080`"),
        ("native:ctypes", "loads native code through `ctypes`"),
    ],
)
def test_effects_are_told_in_words(effect: str, words: str) -> None:
    assert in_words(Effect.parse(effect)) == words


def test_a_pure_tool_is_said_to_do_nothing_else() -> None:
    assert effects_in_words([]) == [
        "does nothing but compute: no network, no files, no environment, no programs"
    ]


def test_types_are_told_in_words() -> None:
    assert kind_of({"type": ["integer", "string"], "nullable": True}) == "integer or string, optional"
    assert kind_of({"type": "array", "items": {"type": "string"}}) == "array of string"
