"""How commands speak: results on standard output, everything else on standard error, JSON where asked."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from typing import Any, Literal

from rich.console import Console
from rich.markup import escape

from toolreg.cli.failures import shortened
from toolreg.effects import Effect
from toolreg.errors import ToolregError

Format = Literal["text", "json"]

STYLES = {"APPROVED": "bold green", "BLOCKED": "bold red", "INCOMPLETE": "bold yellow"}


def console(*, stderr: bool = False) -> Console:
    """A console that is plain where there is no terminal, and never breaks a path or an effect in two."""
    return Console(stderr=stderr, highlight=False, soft_wrap=True, emoji=False)


def print_json(value: Any) -> None:
    """One JSON document on standard output; what is no text in UTF-8 is escaped."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=not _speaks_utf8()) + "\n")


def print_error(error: ToolregError) -> None:
    """What happened, and what to do next: one line each, on standard error."""
    out = console(stderr=True)
    out.print(f"[bold red]error:[/] {safe(shortened(str(error), 2000))}")
    for line, reason in getattr(error, "reasons", ()):
        out.print(f"  line {line}: {safe(reason)}" if line else f"  {safe(reason)}")
    if error.hint:
        out.print(f"[cyan]hint:[/] {safe(error.hint)}")


def safe(text: str) -> str:
    """Text of a stranger, fit for a terminal: no control characters, no markup, no lone surrogates."""
    clean = "".join(c if c.isprintable() or c in "\n\t" else f"\\x{ord(c):02x}" for c in text)
    return escape(clean.encode("utf-8", "backslashreplace").decode())


def joined(items: Iterable[object], none: str = "none") -> str:
    return ", ".join(map(str, items)) or none


def gathered(effects: Iterable[Effect], granted: Iterable[Effect]) -> str:
    """Effects in one line; several that one grant covers stand as that grant with their number."""
    groups: dict[Effect, list[Effect]] = {}
    wide = sorted(granted, key=lambda g: len(g.target))
    for effect in effects:
        cover = next((g for g in wide if g != effect and g.covers(effect)), effect)
        groups.setdefault(cover, []).append(effect)
    return joined(
        str(each[0]) if len(each) == 1 else f"{cover} ({len(each)} files)" for cover, each in groups.items()
    )


def is_terminal() -> bool:
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def _speaks_utf8() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
