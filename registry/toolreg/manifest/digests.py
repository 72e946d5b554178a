"""Digests: of files, and of a tool's definition in its canonical form (RFC 8785)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import rfc8785


def sha256(data: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


def definition_digest(name: str, description: str, inputs: Mapping[str, Any], output_type: str) -> str:
    """`sha256:…` over what a model is told of a tool. Raises ValueError on what JSON cannot canonicalise."""
    definition: dict[str, Any] = {
        "name": name,
        "description": description,
        "inputs": dict(inputs),
        "output_type": output_type,
    }
    try:
        return "sha256:" + sha256(rfc8785.dumps(definition))
    except rfc8785.CanonicalizationError as error:
        raise ValueError(f"the definition has no canonical JSON: {error}") from error
