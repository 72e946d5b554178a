"""What registries and stores are told of a tool's MCP hints: computed, well-formed, with their grounds."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from toolreg.audit.stores import KEPT, MOST_META, OURS, justified, server_json, title
from toolreg.effects import Effect, hints
from toolreg.errors import NotAllowed, UsageError
from toolreg.manifest import Verified
from toolreg.manifest.keys import new_key
from toolreg.manifest.model import EffectsSection, Hints, Unresolved

KEY = new_key()

# What ServerDetail of the published schema (2025-12-11, draft-07) asks of the members that we write, compared member by
# member with internal/validators/schemas/2025-12-11.json of modelcontextprotocol/registry, commit e361b5f. No package
# of PyPI or npm ships that file; MCP_SERVER_SCHEMA=FILE tests against one that you have.
SERVER = {
    "type": "object",
    "required": ["name", "description", "version"],
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "name": {
            "type": "string",
            "minLength": 3,
            "maxLength": 200,
            "pattern": r"^[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+$",
        },
        "title": {"type": "string", "minLength": 1, "maxLength": 100},
        "description": {"type": "string", "minLength": 1, "maxLength": 100},
        "version": {"type": "string", "maxLength": 255},
        "_meta": {"type": "object", "properties": {KEPT: {"type": "object"}}, "additionalProperties": False},
    },
    "additionalProperties": False,
}


def official() -> list[Any]:
    file = os.environ.get("MCP_SERVER_SCHEMA")
    return [json.loads(Path(file).read_text())] if file else []


Publication = Callable[..., Verified]


@pytest.fixture
def published(make: SimpleNamespace) -> Publication:
    """Makes a signed publication. gap: an unresolved effect, waived for that reason unless it is empty."""

    def made(
        *effects: str,
        name: str = "web_page",
        about: str = "Read a page.\n\nMore of it.",
        gap: str | None = None,
        lie: bool = False,
    ) -> Verified:
        gaps = (
            ()
            if gap is None
            else (Unresolved(path="tool.py", line=1, reason="a computed name", reason_accepted=gap),)
        )
        manifest = make.manifest(name, about, effects=EffectsSection(declared=effects, unresolved=gaps))
        if lie:
            mild = Hints(
                read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
            )
            predicate = manifest.predicate.model_copy(update={"hints": mild})
            manifest = manifest.model_copy(update={"predicate": predicate})
        return make.signed(manifest, {"tool.py": b"x = 1\n"}, KEY)

    return made


@pytest.mark.parametrize("about", ["Read a page.", "", "x" * 5000, "Lies die Seite. " * 30])
def test_what_a_registry_is_given_is_what_its_schema_takes(about: str, published: Publication) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    made = server_json([published("net:{url}", about=about)], name="io.github.acme/web-page")
    for schema in (SERVER, *official()):
        jsonschema.Draft7Validator(schema).validate(made)
    json.dumps(made)


def test_one_tool_lends_its_name_and_version_and_its_hints_stand_where_they_are_kept(
    published: Publication,
) -> None:
    made = server_json([published("net:{url}")])
    assert (made["name"], made["version"], made["title"]) == ("acme/web-page", "1.2.0", "Web page")
    assert made["description"] == "Read a page."
    assert made["_meta"] == {
        KEPT: {
            OURS: {
                "web_page": {
                    "annotations": {
                        "readOnlyHint": True,
                        "destructiveHint": False,
                        "idempotentHint": True,
                        "openWorldHint": True,
                    },
                    "of": "acme/web-page@1.2.0",
                }
            }
        }
    }


@pytest.mark.parametrize(
    "effects",
    [
        (),
        ("read:data/*.csv",),
        ("net:api.example.com", "write:notes/*.md"),
        ("net:api.example.com (writes)",),
        ("net:api.example.com (deletes)", "env:API_KEY"),
        ("run:git",),
        ("listen:8080",),
        ("code:*", "native:ctypes"),
    ],
)
def test_each_hint_names_the_effects_that_decide_it_and_no_other(
    effects: tuple[str, ...], published: Publication
) -> None:
    answer = justified([published(*effects)])["web_page"]
    pure, said = hints(()), answer["annotations"]
    for hint, text in answer["justification"].items():
        decides = [e for e in effects if getattr(hints([Effect.parse(e)]), hint) != getattr(pure, hint)]
        assert [e for e in effects if e in text] == decides
        assert bool(decides) is (said[hint] != getattr(pure, hint))
    assert answer["effects"] == list(effects)
    assert "3 sandboxed cases" in answer["basis"]


def test_what_nobody_could_decide_is_the_worst_and_says_so(published: Publication) -> None:
    answer = justified([published(gap="")])["web_page"]
    assert answer["annotations"]["destructiveHint"] is True
    assert answer["justification"]["destructiveHint"] == (
        "It may overwrite or delete: what the reading of its code could not decide."
    )
    assert justified([published(gap="a literal")])["web_page"]["annotations"]["readOnlyHint"] is True


def test_hints_that_a_publisher_typed_by_hand_are_refused(published: Publication) -> None:
    with pytest.raises(NotAllowed, match="hints"):
        published("run:git", lie=True)


def test_a_server_of_many_tools_needs_a_name_and_a_version(published: Publication) -> None:
    tools = [published(name="one"), published(name="two")]
    with pytest.raises(UsageError, match="needs a name and a version"):
        server_json(tools)
    made = server_json(tools, name="io.github.acme/tools", version="2.0.0-beta.1")
    assert list(made["_meta"][KEPT][OURS]) == ["one", "two"]
    assert made["title"] == "One, Two"


@pytest.mark.parametrize(
    ("name", "version"),
    [("acme", "1.0.0"), ("a/b/c", "1.0.0"), ("acme/t", "latest"), ("acme/t", "^1.2.3"), ("acme/t", "1.x")],
)
def test_a_name_or_version_that_a_registry_refuses_is_refused_here(
    name: str, version: str, published: Publication
) -> None:
    with pytest.raises(UsageError, match="needs a name"):
        server_json([published()], name=name, version=version)


def test_more_than_a_registry_keeps_is_refused_and_not_cut(published: Publication) -> None:
    tools = [published(name=f"tool_number_{n}") for n in range(40)]
    with pytest.raises(UsageError, match=f"a registry keeps {MOST_META}"):
        server_json(tools, name="io.github.acme/tools", version="1.0.0")
    assert len(justified(tools)) == 40


def test_nothing_and_two_of_a_name_are_refused(published: Publication) -> None:
    for tools in ([], [published(), published()]):
        with pytest.raises(UsageError):
            justified(tools)


def test_a_title_is_the_name_in_words() -> None:
    titles: dict[str, Any] = {n: title(n) for n in ("city_weather", "_x", "___", "a")}
    assert titles == {"city_weather": "City weather", "_x": "X", "___": "___", "a": "A"}
