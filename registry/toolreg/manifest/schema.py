"""The manifest's JSON Schema (2020-12), made from the model and shipped as a file."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from toolreg.manifest.model import SCHEMA_VERSION, Manifest

DIALECT = "https://json-schema.org/draft/2020-12/schema"
NAME = f"toolreg-manifest-{SCHEMA_VERSION}.json"


class _Plain(GenerateJsonSchema):
    """Without the titles that pydantic makes out of names: they say nothing."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002
        return False


def make_schema() -> dict[str, Any]:
    """The schema as the model says it today."""
    made = Manifest.model_json_schema(by_alias=True, mode="validation", schema_generator=_Plain)
    return {"$schema": DIALECT, "$id": f"urn:toolreg:schema:manifest:{SCHEMA_VERSION}", **made}


def schema_text() -> str:
    """The schema as it is shipped."""
    return files("toolreg.manifest").joinpath(NAME).read_text("utf-8")


def render() -> str:
    return json.dumps(make_schema(), indent=2, ensure_ascii=False) + "\n"
