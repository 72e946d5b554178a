"""Effects and schemas in words for people, and text of strangers made safe to show."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from toolreg.effects import Effect

_HIDDEN = re.compile(r"[^\n\t\x20-\x7e]")
_CATEGORIES = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_PARAMETER = re.compile(r"\{(\w+)\}")
_SENTENCES = {
    "net": "connects to {target}",
    "listen": "accepts connections on port {target}",
    "read": "reads {target}",
    "write": "creates, changes or deletes {target}",
    "env": "reads the environment variable {target}",
    "run": "starts the program {target}",
    "native": "loads native code through {target}",
    "code": "runs code that is made while it runs",
}
_EVERYTHING = {
    "net": "any host", "listen": "any", "read": "any file", "write": "any file", "env": "of any name", "run": "any program",
    "native": "any module", "code": "",
}  # fmt: skip


def in_words(effect: Effect) -> str:
    """One effect as a sentence part: `net:{url}` → "connects to the host given as `url`, to read"."""
    target = f"{_EVERYTHING[effect.kind]}" if effect.target == "*" else _target(effect)
    sentence = _SENTENCES[effect.kind].format(target=target)
    if effect.kind == "net":
        sentence += {
            "": ", to read",
            "writes": ", and changes things there",
            "deletes": ", and deletes things there",
        }[effect.qualifier]
    return sentence


def _target(effect: Effect) -> str:
    whole = _PARAMETER.fullmatch(effect.target)
    if whole:
        noun = {"net": "the host", "read": "the file", "write": "the file", "run": "the program"}.get(
            effect.kind, "what is"
        )
        return f"{noun} given as `{whole[1]}`"
    return f"`{effect.target}`"


def effects_in_words(effects: Iterable[Effect]) -> list[str]:
    """Every effect in words; one sentence where there is none."""
    return [in_words(e) for e in effects] or [
        "does nothing but compute: no network, no files, no environment, no programs"
    ]


def kind_of(schema: Mapping[str, Any]) -> str:
    """A type as people say it: `array of string`, `integer or null`, `"a" or "b"`."""
    if "enum" in schema:
        told = " or ".join(str(v) if not isinstance(v, str) else f'"{v}"' for v in schema["enum"])
    else:
        kinds = schema.get("type", "any")
        told = " or ".join(kinds) if isinstance(kinds, list) else str(kinds)
    items = schema.get("items")
    if isinstance(items, Mapping) and told == "array":
        told = f"array of {kind_of(items)}"
    return f"{told}, optional" if schema.get("nullable") else told


def visible(text: object) -> str:
    """The text with every hidden character (controls, bidi, zero width) written as `⟨U+202E⟩`."""
    return _HIDDEN.sub(_shown, str(text))


def _shown(match: re.Match[str]) -> str:
    character = match[0]
    return f"⟨U+{ord(character):04X}⟩" if unicodedata.category(character) in _CATEGORIES else character
