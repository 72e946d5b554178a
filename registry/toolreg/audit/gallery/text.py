"""Text of strangers, fit for a page: what cannot be seen is made visible, so that nothing hides in it."""

from __future__ import annotations

import re
import unicodedata

# Controls, format characters (bidi, zero width, tags), surrogates, private and unassigned; not \n and \t.
_HIDDEN = re.compile(r"[^\n\t\x20-\x7e]")
_CATEGORIES = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def visible(text: object) -> str:
    """The text with every hidden character written as `⟨U+202E⟩`."""
    return _HIDDEN.sub(_shown, str(text))


def _shown(match: re.Match[str]) -> str:
    character = match[0]
    hidden = unicodedata.category(character) in _CATEGORIES
    return f"⟨U+{ord(character):04X}⟩" if hidden else character
