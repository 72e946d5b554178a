from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, ValidationError

from toolreg.manifest import definition, to_bytes
from toolreg.manifest.schema import NAME, render, schema_text

DOCS = Path(__file__).parents[2] / "docs" / "schema"
AGAIN = f"write toolreg.manifest.schema.render() to registry/toolreg/manifest/{NAME} and docs/schema/{NAME}"


def test_the_shipped_schema_is_the_models():
    assert schema_text() == render(), AGAIN


def test_the_documented_schema_is_the_shipped_one():
    assert (DOCS / NAME).read_text("utf-8") == schema_text(), AGAIN


@pytest.fixture(scope="module")
def validator():
    schema = json.loads(schema_text())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def test_a_manifest_fits_the_schema(validator, make):
    validator.validate(json.loads(to_bytes(make())))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("predicateType",), "https://slsa.dev/provenance/v1"),
        (("predicate", "schemaVersion"), "2.0"),
        (("predicate", "tool", "version"), "1.0"),
        (("predicate", "checks", "verdict"), "FINE"),
        (("predicate", "definition", "digest"), "abc"),
        (("subject",), []),
    ],
)
def test_what_toolreg_refuses_the_schema_refuses_too(validator, make, path, value):
    manifest = json.loads(to_bytes(make()))
    place = manifest
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(ValidationError):
        validator.validate(manifest)


def test_the_inputs_are_said_in_json_schema_too():
    inputs = {
        "city": {"type": "string", "description": "City.", "enum": ["Paris"]},
        "days": {"type": "integer", "description": "Days.", "nullable": True},
        "extra": {"type": "any", "description": "Anything.", "nullable": True},
        "either": {"type": ["string", "integer"], "description": "x"},
        "picture": {"type": "image", "description": "A path."},
    }
    schema = definition("t", "d", inputs, "string").input_schema
    Draft202012Validator.check_schema(schema)
    assert schema["required"] == ["city", "either", "picture"]
    assert schema["properties"]["city"] == {"type": "string", "description": "City.", "enum": ["Paris"]}
    assert schema["properties"]["days"]["type"] == ["integer", "null"]
    assert "type" not in schema["properties"]["extra"]
    assert schema["properties"]["either"]["type"] == ["integer", "string"]
    check = Draft202012Validator(schema)
    check.validate({"city": "Paris", "either": 1, "picture": "a.png", "days": None})
    with pytest.raises(ValidationError):
        check.validate({"city": "Paris", "either": 1, "picture": "a.png", "mood": 1})
