from __future__ import annotations

import pytest

from toolreg.errors import UsageError
from toolreg.manifest import definition
from toolreg.manifest.changes import Bump, changes, check_version, needed_bump, next_version, text_diff
from toolreg.manifest.model import EffectsSection, Requirement

TEXT = {"text": {"type": "string", "description": "Any text."}}
SAME = {
    "name": "word_count",
    "description": "Count the words of a text.",
    "inputs": TEXT,
    "output_type": "integer",
}


def defined(**changed):
    return {"definition": definition(**{**SAME, **changed})}


def declares(*effects):
    return {"effects": EffectsSection(declared=effects)}


OPTIONAL = {"limit": {"type": "integer", "description": "At most.", "nullable": True}}


@pytest.mark.parametrize(
    ("before", "after", "bump", "says"),
    [
        ({}, {}, Bump.NONE, None),
        ({}, declares("net:api.example.com", "read:data"), Bump.MAJOR, ("effect", "read:data", True)),
        (declares("net:api.example.com"), declares("net:*.example.com"), Bump.MAJOR, ("effect", "net:*.example.com", True)),
        (declares("net:api.example.com"), declares("net:api.example.com (writes)"), Bump.MAJOR, ("effect", "net:api.example.com (writes)", True)),
        (declares("net:*.example.com"), declares("net:api.example.com"), Bump.MINOR, ("effect", "net:*.example.com", False)),
        ({}, declares(), Bump.MINOR, ("effect", "net:api.example.com", False)),
        ({}, defined(inputs={}), Bump.MAJOR, ("input", "text", False)),
        ({}, defined(inputs={**TEXT, **OPTIONAL}), Bump.MINOR, ("input", "limit", True)),
        ({}, defined(inputs={**TEXT, "limit": {"type": "integer", "description": "At most."}}), Bump.MAJOR, ("input", "limit", True)),
        ({}, defined(inputs={"text": {**TEXT["text"], "type": "array"}}), Bump.MAJOR, ("input", "text: string → array", None)),
        ({}, defined(inputs={"text": {**TEXT["text"], "nullable": True}}), Bump.MINOR, ("input", "text: string → string", None)),
        ({}, defined(inputs={"text": {**TEXT["text"], "description": "x"}}), Bump.MINOR, ("input", "text: its description", None)),
        (defined(inputs={**OPTIONAL, **TEXT}), defined(inputs={**TEXT, **OPTIONAL}), Bump.MAJOR, ("input", "order limit, text → text, limit", None)),
        ({}, defined(output_type="string"), Bump.MAJOR, ("output", "integer → string", None)),
        ({}, defined(name="count"), Bump.MAJOR, ("name", "word_count → count", None)),
        ({}, defined(description="Count."), Bump.MINOR, ("description", "what the model is told changed", None)),
        ({}, {"requirements": (Requirement(name="requests", specifier="==2.32.5"),)}, Bump.MINOR, ("requirement", "requests==2.32.5", True)),
        ({}, {"files": {"tool.py": b"x"}}, Bump.PATCH, ("file", "README.md", False)),
        ({}, {"version": "1.0.1"}, Bump.NONE, None),
    ],
)  # fmt: skip
def test_a_change_asks_for_its_version_step(make, before, after, bump, says):
    found = changes(make(**before), make(**after))
    assert needed_bump(make(**before), make(**after)) == bump
    assert ((found[0].what, found[0].text, found[0].added) if found else None) == says


@pytest.mark.parametrize(
    ("bump", "version"),
    [(Bump.MAJOR, "2.0.0"), (Bump.MINOR, "1.3.0"), (Bump.PATCH, "1.2.4"), (Bump.NONE, "1.2.3")],
)
def test_the_next_version_follows_the_gravest_change(bump, version):
    assert next_version("1.2.3", bump) == version


def test_a_version_that_hides_a_new_effect_is_refused(make):
    old = make(version="1.9.9")
    for version in ("1.9.9", "1.9.10", "1.10.0"):
        with pytest.raises(UsageError, match=r"is too small after 1\.9\.9: effect read:data") as caught:
            check_version(old, make(version=version, **declares("net:api.example.com", "read:data")))
        assert "2.0.0" in caught.value.hint
    check_version(old, make(version="2.0.0", **declares("net:api.example.com", "read:data")))
    check_version(old, make(version="1.9.9"))


def test_a_version_never_goes_back(make):
    with pytest.raises(UsageError, match="too small"):
        check_version(make(version="1.2.0"), make(version="1.1.9"))


def test_files_are_shown_as_a_diff_and_binaries_by_size():
    old, new = {"a.py": b"x = 1\n", "b": b"\xff"}, {"a.py": b"x = 2\n", "b": b"\xff\xfe"}
    assert (
        text_diff(old, new, ["a.py", "b"])
        == "--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-x = 1\n+x = 2\nb: no text, 1 → 2 bytes"
    )
