from __future__ import annotations

import json

import pytest

from toolreg.errors import ConfigError, NotFound
from toolreg.load import Lock, Ref, fetch_new, parse_ref, read_lock, write_lock
from toolreg.load.lock import seal_of


@pytest.fixture
def entry(shelf, trust):
    shelf.publish(effects=("net:api.example.com",))
    return fetch_new(Ref("acme/word-count"), shelf.fetch, trust, hub="local")[1]


def test_an_entry_pins_commit_digests_signer_definition_and_effects(entry, shelf):
    assert entry.commit == shelf.revisions["acme/word-count", ""].commit
    assert sorted(entry.files) == [
        "README.md",
        "requirements.txt",
        "tool.py",
        "toolreg.json",
        "toolreg.json.sigstore",
    ]
    assert (entry.signer, entry.effects, entry.version) == (
        str(shelf.key.signer),
        ("net:api.example.com",),
        "1.0.0",
    )


def test_a_lock_is_written_the_same_each_time_and_read_back(tmp_path, entry):
    path = tmp_path / "toolreg.lock"
    write_lock(path, Lock().having(entry))
    first = path.read_bytes()
    write_lock(path, read_lock(path))
    assert path.read_bytes() == first
    assert read_lock(path) == Lock({"acme/word-count": entry})
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".toolreg.lock")] == []


def test_no_lock_file_locks_nothing(tmp_path):
    lock = read_lock(tmp_path / "toolreg.lock")
    with pytest.raises(NotFound, match="locked: nothing"):
        lock.entry("acme/word-count")


@pytest.mark.parametrize(
    "field",
    [
        "repository",
        "hub",
        "revision",
        "commit",
        "version",
        "name",
        "signer",
        "definition",
        "effects",
        "files",
        "seal",
    ],
)
def test_no_field_of_a_lock_can_be_changed_unnoticed(tmp_path, entry, field):
    values = entry.model_dump(mode="json")
    other = {
        "repository": "evil/word-count", "hub": "https://evil.example", "revision": "v9.9.9", "commit": "f" * 40, "version": "1.0.1", "name": "x",
        "signer": "ed25519:" + "A" * 43 + "=", "definition": "sha256:" + "0" * 64, "effects": ["net:*"],
        "files": {**values["files"], "tool.py": "0" * 64}, "seal": "sha256:" + "0" * 64,
    }[field]  # fmt: skip
    refused(tmp_path, {"version": 1, "tools": [{**values, field: other}]})


@pytest.mark.parametrize("field", ["repository", "commit", "signer", "definition", "effects", "files"])
def test_nor_can_nonsense_be_sealed(tmp_path, entry, field):
    values = {
        **entry.model_dump(mode="json", exclude={"seal"}),
        field: {"files": {}, "effects": ["fly:moon"]}.get(field, "nonsense"),
    }
    refused(tmp_path, {"version": 1, "tools": [{**values, "seal": seal_of(values)}]})


def refused(tmp_path, value):
    path = tmp_path / "toolreg.lock"
    path.write_text(value if isinstance(value, str) else json.dumps(value))
    with pytest.raises(ConfigError) as caught:
        read_lock(path)
    assert caught.value.hint
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "{",
        '{"version": 2, "tools": []}',
        '{"version": 1, "version": 1, "tools": []}',
        '{"version": 1, "tools": [], "x": 1}',
    ],
)
def test_junk_is_no_lock(tmp_path, text):
    refused(tmp_path, text)


def test_a_tool_locked_twice_is_refused(tmp_path, entry):
    refused(tmp_path, {"version": 1, "tools": [entry.model_dump(mode="json")] * 2})


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("acme/city-weather", Ref("acme/city-weather")),
        ("acme/city-weather@v1.2.0", Ref("acme/city-weather", "v1.2.0")),
        ("https://huggingface.co/spaces/acme/city-weather", Ref("acme/city-weather")),
        ("hf.co/spaces/acme/x@main", Ref("acme/x", "main")),
    ],
)
def test_a_reference_is_read_as_people_write_it(text, ref):
    assert parse_ref(text) == ref


@pytest.mark.parametrize("text", ["", "acme", "a/b/c", "../x", "a/..", "acme/x@", "a b/c", "-a/b"])
def test_what_is_no_reference_is_refused(text):
    from toolreg.errors import UsageError

    with pytest.raises(UsageError, match="names no tool"):
        parse_ref(text)
