from __future__ import annotations

import json
from importlib.resources import files
from types import SimpleNamespace
from typing import Any

import pytest

from toolreg.audit.sbom import cyclonedx
from toolreg.manifest import MANIFEST, Verified
from toolreg.manifest.keys import new_key
from toolreg.manifest.model import Requirement


@pytest.fixture
def published(make: SimpleNamespace) -> Verified:
    files = {"tool.py": b"x = 1\n", "requirements.txt": b"requests==2.32.5\n"}
    needs = (
        Requirement(name="Requests", specifier="==2.32.5", hashes=("sha256:" + "a" * 64,)),
        Requirement(name="lxml", specifier=">=5,<6"),
    )
    made: Verified = make.signed(
        make.manifest(declared=("net:{url}",), files=files, requirements=needs), files, new_key()
    )
    return made


def test_the_bill_is_valid_cyclonedx(published: Verified) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    referencing = pytest.importorskip("referencing")
    pytest.importorskip("cyclonedx", reason="needs the schema in cyclonedx-python-lib")
    folder = files("cyclonedx.schema") / "_res"
    schemas = {
        name: json.loads((folder / name).read_text())
        for name in (
            "bom-1.6.SNAPSHOT.schema.json",
            "spdx.SNAPSHOT.schema.json",
            "jsf-0.82.SNAPSHOT.schema.json",
        )
    }
    resources = [(s["$id"], referencing.Resource.from_contents(s)) for s in schemas.values()]
    registry = referencing.Registry().with_resources(resources)
    bom = schemas["bom-1.6.SNAPSHOT.schema.json"]
    jsonschema.Draft7Validator(bom, registry=registry).validate(cyclonedx(published, commit="c" * 40))


def test_it_says_what_is_needed_and_what_is_done(published: Verified) -> None:
    bill = cyclonedx(published)
    libraries = [c for c in bill["components"] if c["type"] == "library"]
    assert [(c["purl"], c.get("version")) for c in libraries] == [
        ("pkg:pypi/requests@2.32.5", "2.32.5"),
        ("pkg:pypi/lxml", None),
    ]
    assert libraries[0]["hashes"] == [{"alg": "SHA-256", "content": "a" * 64}]
    properties: list[dict[str, Any]] = bill["metadata"]["component"]["properties"]
    assert {"name": "toolreg:effect:declared", "value": "net:{url}"} in properties
    assert {"name": "toolreg:mcp:readOnlyHint", "value": "true"} in properties
    assert {c["name"] for c in bill["components"] if c["type"] == "file"} == {
        "tool.py",
        "requirements.txt",
        MANIFEST,
    }


def test_the_same_publication_has_the_same_bill(published: Verified) -> None:
    assert cyclonedx(published) == cyclonedx(published)
