"""JSON Schema of `[tool.toolreg]`, for editors: made from the very tables that the config reader checks against.

`toolreg config schema` prints it; docs/schema/toolreg-config.json holds it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from toolreg.config import LINT_KEYS, SANDBOX_KEYS, TABLES
from toolreg.effects import KINDS
from toolreg.lint.finding import LEVELS
from toolreg.lint.settings import RUFF_MODES
from toolreg.load.reviewed import POLICY_KEYS
from toolreg.sandbox.backends.choice import NAMES

_TEXTS = {"type": "array", "items": {"type": "string"}}
_TYPES: Mapping[type, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer", "minimum": 0},
    list: _TEXTS,
    dict: {"type": "object"},
}
# What a key means, and what its type alone does not say.
_LINT: Mapping[str, dict[str, Any]] = {
    "select": {"description": "Codes of rules, or their beginnings; ALL is every rule."},
    "extend-select": {"description": "Further codes beside `select`."},
    "ignore": {"description": "Codes, or their beginnings, that are not reported."},
    "per-file-ignores": {
        "description": "Glob of files → codes that are not reported there.",
        "additionalProperties": _TEXTS,
    },
    "severity": {
        "description": "Code, or its beginning → level.",
        "additionalProperties": {"enum": list(LEVELS)},
    },
    "packs": {"description": "Installed rule packs beside the built-in one."},
    "catalogues": {"description": "Effect catalogues (TOML) beside the built-in one, relative to this file."},
    "exclude": {"description": "Globs of files that are not read."},
    "baseline": {"description": "File with findings that are known already, relative to this file."},
    "ruff": {
        "description": "Whether ruff judges the file too, by built-in or the project's settings.",
        "enum": list(RUFF_MODES),
    },
    "fail-on": {"description": "The least level that refuses.", "enum": list(LEVELS)},
}
_POLICY: Mapping[str, dict[str, Any]] = {
    "approvals": {"description": "How many approvals by `reviewers` a tool needs before it is taken."},
    "reviewers": {"description": "Signers whose approvals count, as `toolreg key show` prints them."},
}
_SANDBOX: Mapping[str, dict[str, Any]] = {
    "backend": {"description": "Where `check` and `run` try tools.", "enum": list(NAMES)},
}
_KINDS = "|".join(KINDS)
_RULE: Mapping[str, dict[str, Any]] = {
    "signers": {"description": "Who may sign: ed25519:… or keyless:ISSUER|IDENTITY|REF.", **_TEXTS},
    "allow": {
        "description": "Effects that a tool may promise at most, written kind:target.",
        "type": "array",
        "items": {"type": "string", "pattern": rf"^({_KINDS})\s*:\s*\S"},
    },
    "max-age": {"description": "How many days old a publication may be.", "type": "integer", "minimum": 1},
}
_REVOKED: dict[str, Any] = {
    "description": "Signers that hold nowhere any more, for what is locked too.",
    **_TEXTS,
}


def config_schema() -> dict[str, Any]:
    """The schema of the [tool.toolreg] table."""
    namespaces = {
        "type": "object",
        "description": "Another rule for one namespace.",
        "additionalProperties": _object(_RULE, "One namespace."),
    }
    known = {
        "lint": _object(_typed(LINT_KEYS, _LINT), "What `toolreg lint` reports."),
        "policy": _object(_typed(POLICY_KEYS, _POLICY), "What a tool needs before it is taken."),
        "sandbox": _object(_typed(SANDBOX_KEYS, _SANDBOX), "What holds a tool while it is tried."),
        "trust": _object(
            {**_RULE, "revoked": _REVOKED, "namespaces": namespaces},
            "Whose tools are taken, and with which effects at most.",
        ),
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": "urn:toolreg:schema:config:1.0",
        "title": "[tool.toolreg] in pyproject.toml",
        "type": "object",
        "additionalProperties": False,
        "properties": {name: known[name] for name in TABLES},
    }


def schema_text() -> str:
    """The schema as it is shipped."""
    return json.dumps(config_schema(), indent=2, ensure_ascii=True) + "\n"


def _typed(keys: Mapping[str, type], more: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {key: {**_TYPES[kind], **more[key]} for key, kind in keys.items()}


def _object(properties: Mapping[str, dict[str, Any]], description: str) -> dict[str, Any]:
    return {
        "type": "object",
        "description": description,
        "additionalProperties": False,
        "properties": dict(properties),
    }
