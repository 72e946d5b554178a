"""What the rules on side effects share: declared, inferred, and where to point."""

from __future__ import annotations

from toolreg.contract.once import once
from toolreg.contract.source import ToolSource
from toolreg.effects import Effect, EffectSyntaxError
from toolreg.infer import Evidence, infer
from toolreg.lint.api import Fix, Where
from toolreg_rules._draft import draft_of, effects_block, fix_of


@once
def declared_of(tool: ToolSource) -> tuple[Effect, ...] | None:
    """The declared effects; None where the section is missing or cannot be read (other rules say so)."""
    try:
        return tool.declared
    except EffectSyntaxError:
        return None


@once
def undeclared_of(tool: ToolSource) -> tuple[Evidence, ...]:
    """The first place of each effect that the code can have and the section does not promise."""
    declared = declared_of(tool)
    return () if declared is None else tuple(first_of_each(infer(tool).undeclared(declared)))


def where(tool: ToolSource, path: str, line: int) -> Where:
    """The line, if it stands in the tool's own file; else the tool."""
    return line if path == tool.path and line else tool.node


def way(evidence: Evidence) -> str:
    """How the effect is reached, for the message; nothing where it is plain to see."""
    return f", by {' → '.join(evidence.via)}" if len(evidence.via) > 2 else ""


def at_import(evidence: Evidence) -> bool:
    return evidence.via[:1] == ("import",)


def first_of_each(evidence: tuple[Evidence, ...]) -> list[Evidence]:
    """One for each effect: the first line where it happens."""
    found: dict[Effect, Evidence] = {}
    for e in sorted(evidence, key=lambda e: (e.path, e.line)):
        found.setdefault(e.effect, e)
    return list(found.values())


def remote_change_only(evidence: Evidence, declared: tuple[Effect, ...]) -> bool:
    """The host is declared, only not that it is written to."""
    plain = Effect(evidence.effect.kind, evidence.effect.target)
    return bool(evidence.effect.qualifier) and any(d.covers(plain) for d in declared)


def line_of(tool: ToolSource, effect: Effect) -> Where:
    """The line that declares an effect."""
    for line, text in tool.docstring.effect_lines or ():
        try:
            if Effect.parse(text.removeprefix("- ")) == effect:
                return line
        except EffectSyntaxError:
            continue
    return tool.docstring_node or tool.node


def declaration(tool: ToolSource, declared: tuple[Effect, ...], effect: Effect) -> Fix | None:
    """The section with one more effect; what the new one covers goes."""
    draft = draft_of(tool) if tool.docstring.style == "google" else None
    if draft is None:
        return None
    kept = [d for d in declared if not effect.covers(d)]
    return fix_of(tool, draft.with_block(effects_block([*kept, effect])), f"Declare '{effect}'")
