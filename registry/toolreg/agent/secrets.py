"""Secrets, kept out of traces and configurations: known values, and what has the shape of a key."""

from __future__ import annotations

import ast
import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

_NAMES = re.compile(r"(KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?)\Z", re.I)
# Published formats of keys: https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns
_SHAPES = re.compile(
    r"\b(?:sk-[A-Za-z0-9_-]{20,}|hf_[A-Za-z0-9]{30,}|gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,}"
    r"|AKIA[0-9A-Z]{16}|xox[abprs]-[A-Za-z0-9-]{10,}|AIza[0-9A-Za-z_-]{35}|e2b_[0-9a-f]{30,}|glpat-[\w-]{20,})"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----"
)
_KEYWORDS = frozenset({"api_key", "token", "hf_token", "aws_secret_access_key", "password", "secret"})
SHORTEST = 8


def looks_secret(text: str) -> bool:
    """True if the text holds something of the shape of a key."""
    return bool(_SHAPES.search(text))


def secret_values(environment: Mapping[str, str], names: Iterable[str] = ()) -> dict[str, str]:
    """Values worth hiding, by variable: those named like a secret, and those named here."""
    wanted = set(names)
    return {
        name: value
        for name, value in environment.items()
        if len(value) >= SHORTEST and (name in wanted or _NAMES.search(name))
    }


class Redactor:
    """Replaces known secrets, their usual encodings and key-shaped text by `[redacted NAME]`."""

    def __init__(self, secrets: Mapping[str, str] | None = None) -> None:
        forms = sorted(_forms(secrets or {}), key=lambda pair: -len(pair[0]))
        self._names = dict(reversed(forms))
        self._pattern = re.compile("|".join(re.escape(form) for form, _ in forms)) if forms else None

    def text(self, text: str) -> str:
        """The text without secrets."""
        if self._pattern is not None:
            text = self._pattern.sub(lambda m: f"[redacted {self._names[m[0]]}]", text)
        return _SHAPES.sub("[redacted key]", text)

    def value(self, value: Any) -> Any:
        """A JSON value without secrets, in its keys too."""
        match value:
            case str():
                return self.text(value)
            case dict():
                return {self.text(str(k)): self.value(v) for k, v in value.items()}
            case list() | tuple():
                return [self.value(v) for v in value]
        return value


def literal_secrets(source: str) -> Iterator[tuple[int, str]]:
    """(line, what) of every key written into Python source: `api_key="…"`, or key-shaped text."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            for word in node.keywords:
                if word.arg in _KEYWORDS and isinstance(word.value, ast.Constant) and word.value.value:
                    yield node.lineno, f"a literal {word.arg}"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and looks_secret(node.value):
            yield node.lineno, "text of the shape of a key"


def _forms(secrets: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in secrets.items():
        if len(value) < SHORTEST:
            continue
        raw = value.encode("utf-8", "surrogateescape")
        plain = {value, quote(value, safe=""), raw.hex(), base64.b64encode(raw).decode().rstrip("=")}
        for form in plain:
            yield form, name
