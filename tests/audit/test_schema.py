from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from toolreg.audit.schema import config_schema, schema_text
from toolreg.config import LINT_KEYS, TABLES, lint_config
from toolreg.errors import ConfigError

ROOT = Path(__file__).parents[2]
jsonschema = pytest.importorskip("jsonschema")


def test_the_shipped_schema_is_the_one_that_the_code_makes() -> None:
    shipped = ROOT / "docs/schema/toolreg-config.json"
    assert shipped.read_text() == schema_text(), (
        "run `python -m toolreg config schema > docs/schema/toolreg-config.json`"
    )


def test_it_knows_every_table_and_every_key() -> None:
    properties = config_schema()["properties"]
    assert list(properties) == list(TABLES)
    assert set(properties["lint"]["properties"]) == set(LINT_KEYS)


def test_it_is_a_schema_itself() -> None:
    jsonschema.Draft7Validator.check_schema(config_schema())


CASES: list[tuple[str, bool]] = [
    ('[tool.toolreg.lint]\nselect = ["ALL"]\nignore = ["TRG5"]\nfail-on = "error"\nruff = "off"', True),
    ('[tool.toolreg.lint.per-file-ignores]\n"tests/*" = ["TRG205"]', True),
    ('[tool.toolreg.lint.severity]\nTRG5 = "info"', True),
    ("[tool.toolreg.lint]\nselekt = []", False),
    ("[tool.toolreg.lint]\nselect = 3", False),
    ('[tool.toolreg.lint]\nfail-on = "never"', False),
    ('[tool.toolreg.lint]\nruff = "maybe"', False),
    ('[tool.toolreg.lint.severity]\nTRG5 = "fatal"', False),
    ('[tool.toolreg.lint.per-file-ignores]\n"tests/*" = "TRG205"', False),
    ("[tool.toolreg.linter]\n", False),
]


@pytest.mark.parametrize(("text", "good"), CASES)
def test_schema_and_reader_agree(text: str, good: bool, tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text(text)
    found: dict[str, Any] = tomllib.loads(text)["tool"]["toolreg"]
    assert jsonschema.Draft7Validator(config_schema()).is_valid(found) is good
    try:
        lint_config(str(path))
    except ConfigError:
        assert not good
    else:
        assert good


def test_the_schema_is_plain_json() -> None:
    assert json.loads(schema_text()) == config_schema()
