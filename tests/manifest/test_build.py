from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from toolreg.errors import SigningError, UsageError
from toolreg.manifest import definition, parse_manifest, same_but_for_time, to_bytes
from toolreg.manifest.model import EffectsSection, Observed, Source, Unresolved

LATER = datetime(2026, 12, 1, tzinfo=UTC)


def test_the_manifest_names_every_file_with_its_digest(make):
    manifest = make()
    assert sorted(manifest.digests) == ["README.md", "index.html", "requirements.txt", "tool.py"]
    assert all(len(digest) == 64 for digest in manifest.digests.values())


def test_the_same_values_give_the_same_bytes_and_come_back_equal(make):
    assert to_bytes(make()) == to_bytes(make())
    assert parse_manifest(to_bytes(make())) == make()


def test_it_is_an_in_toto_statement_with_camel_case_names(make):
    data = json.loads(to_bytes(make()))
    assert data["_type"] == "https://in-toto.io/Statement/v1"
    assert data["predicateType"] == "urn:toolreg:attestation:tool-safety:v1"
    assert data["predicate"]["schemaVersion"] == "1.0"
    assert data["predicate"]["publishedAt"] == "2026-11-22T11:00:00Z"


def test_the_order_of_inputs_survives_for_calls_without_names(make):
    inputs = {name: {"type": "string", "description": "x"} for name in ("text", "limit", "a")}
    manifest = make(definition=definition("t", "d", inputs, "string"))
    assert list(parse_manifest(to_bytes(manifest)).predicate.definition.inputs) == ["text", "limit", "a"]


def test_hints_are_computed_from_the_declared_effects(make):
    reads = make().predicate.hints
    assert (reads.read_only_hint, reads.open_world_hint) == (True, True)
    writes = make(effects=EffectsSection(declared=("write:notes/*.md",))).predicate.hints
    assert (writes.read_only_hint, writes.destructive_hint) == (False, True)


def test_what_is_unresolved_makes_the_hints_pessimistic(make):
    gap = Unresolved(path="tool.py", line=3, reason="a computed attribute")
    assert not make(effects=EffectsSection(declared=(), unresolved=(gap,))).predicate.hints.read_only_hint


def test_another_time_commit_or_count_is_no_news(make):
    seen_more = EffectsSection(
        **{**dict(make().predicate.effects), "observed": (Observed(effect="net:api.example.com", count=9),)}
    )
    new = make(
        published_at=LATER, effects=seen_more, source=Source(path="tools/word_count.py", commit="b" * 40)
    )
    assert same_but_for_time(make(), new)


def test_how_many_stages_a_busy_machine_got_through_is_no_news(make):
    old = make()
    harness = old.predicate.harness
    fewer = harness.cases.model_copy(update={"passed": harness.cases.passed + 1})
    assert same_but_for_time(old, make(harness=harness.model_copy(update={"cases": fewer})))
    failed = harness.cases.model_copy(update={"failed": 1})
    assert not same_but_for_time(old, make(harness=harness.model_copy(update={"cases": failed})))


@pytest.mark.parametrize(
    "change",
    [
        {"version": "1.0.1"},
        {"files": {"tool.py": b"x = 1\n"}},
        {"effects": EffectsSection(declared=())},
        {"source": Source(path="tools/word_count.py", commit="a" * 40, dirty=True)},
        {"lifetime": timedelta(days=30)},
    ],
)
def test_anything_else_is_news(make, change):
    assert not same_but_for_time(make(), make(**change))


def test_a_manifest_past_half_its_life_is_renewed(make):
    old = make(lifetime=timedelta(days=30))
    assert same_but_for_time(
        old, make(lifetime=timedelta(days=30), published_at=old.predicate.published_at + timedelta(days=10))
    )
    assert not same_but_for_time(
        old, make(lifetime=timedelta(days=30), published_at=old.predicate.published_at + timedelta(days=16))
    )


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"repository": "../etc/passwd"}, "repository"),
        ({"files": {"tool.py": b"", "../up.py": b""}}, "leaves its folder"),
        ({"files": {"tool.py": b"", "Tool.py": b""}}, "one file on some systems"),
        ({"files": {"tool.py": b"", "toolreg.json": b""}}, "cannot be a published file"),
        ({"files": {"README.md": b""}}, "not among the published files"),
        ({"files": {}}, "subject"),
        ({"published_at": datetime(2026, 1, 1)}, "zone"),
        ({"origin": "trust me"}, "origin"),
    ],
)
def test_what_cannot_be_vouched_for_makes_no_manifest(make, change, says):
    with pytest.raises(SigningError, match=says):
        make(**change)


@pytest.mark.parametrize("version", ["1.0", "v1.0.0", "", "1.0.0-rc1", "latest"])
def test_a_version_has_three_numbers(make, version):
    with pytest.raises(UsageError, match="is no version"):
        make(version=version)


def test_an_unknown_effect_is_refused_in_the_words_of_effects():
    with pytest.raises(ValueError, match="unknown effect kind 'fly'"):
        EffectsSection(declared=("fly:moon",))


def test_the_definition_digest_follows_rfc_8785():
    inputs = {"b": {"type": "string", "description": "é"}, "a": {"description": "x", "type": "integer"}}
    turned = {"a": {"type": "integer", "description": "x"}, "b": {"description": "é", "type": "string"}}
    assert definition("t", "d", inputs, "string").digest == definition("t", "d", turned, "string").digest
    assert definition("t", "d", inputs, "string").digest != definition("t", "D", inputs, "string").digest


@pytest.mark.parametrize("odd", [float("nan"), 2**60, "\ud800"])
def test_a_definition_without_canonical_json_is_refused(odd):
    with pytest.raises(SigningError):
        definition("t", "d", {"a": {"type": "any", "description": odd}}, "string")


GOOD = {"text": {"type": "string", "description": "x"}}


@pytest.mark.parametrize(
    ("name", "inputs", "output"),
    [
        ("class", GOOD, "string"),
        ("2words", GOOD, "string"),
        ("t", GOOD, "str"),
        ("t", {"a b": GOOD["text"]}, "string"),
        ("t", {"lambda": GOOD["text"]}, "string"),
        ("t", {"text": {"type": "text", "description": "x"}}, "string"),
        ("t", {"text": {"type": [], "description": "x"}}, "string"),
        ("t", {"text": {"description": "x"}}, "string"),
        ("t", {"text": {"type": "string"}}, "string"),
        ("t", {"text": {"type": "string", "description": 1}}, "string"),
    ],
)
def test_a_definition_that_smolagents_would_not_load_is_refused(name, inputs, output):
    with pytest.raises(SigningError):
        definition(name, "d", inputs, output)
