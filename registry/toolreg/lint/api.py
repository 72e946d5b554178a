"""The rule API: a generator over a tool or a module, with its examples beside it.

    @rule("ACME101", "no-goto", Severity.ERROR, bad=[...], good=[...])
    def no_goto(tool: ToolSource) -> Iterator[Hit]:
        '''Why the rule exists, in the first line.

        How to fix it.
        '''
        for call in calls(tool, "goto.goto"):
            yield call.node, "goto is not known to end well"

The runner adds code, place and severity. A rule over a `Module` runs once a file, a rule over a
`ToolSource` once a tool, a rule over a sequence of `Summary` once a project.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from toolreg.contract.docstring import Item, Section
from toolreg.errors import RulePackError

_CODE = re.compile(r"[A-Z]{2,}[0-9]{2,}")


class Severity(StrEnum):
    """error: refused or wrong when it runs; warning: misleads a model or a user; info: worth a look."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of the file; lines 1-based, columns 0-based UTF-8 bytes, as `ast` counts them."""

    line: int
    column: int = 0
    end_line: int = 0
    end_column: int = 0


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace what stands at `place` by `content`; an empty place is an insertion."""

    place: Place
    content: str


@dataclass(frozen=True, slots=True)
class Fix:
    """How to mend a hit. safe: afterwards the tool does the same, only better said."""

    message: str
    edits: tuple[Edit, ...]
    safe: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """What a project-wide rule sees of a tool: enough to compare tools, cheap enough to cache."""

    path: str
    name: str
    place: tuple[int, int, int, int]
    described: str


Where = ast.AST | Summary | Item | Section | Place | int
Hit = tuple[Where, str] | tuple[Where, str, Fix | None]
Judge = Callable[[Any], Iterable[Hit]]
Need = type[ast.AST] | str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its code, name and severity, why it exists, and examples that are also its tests."""

    code: str
    name: str
    severity: Severity
    judge: Judge
    scope: str
    bad: tuple[str, ...]
    good: tuple[str, ...]
    since: str
    references: tuple[str, ...] = ()
    fix: str = ""
    pack: str = ""
    needs: tuple[Need, ...] = ()

    @property
    def why(self) -> str:
        """The docstring, whose first line says what is wrong."""
        return inspect.cleandoc(self.judge.__doc__ or "")

    @property
    def summary(self) -> str:
        return self.why.partition("\n")[0]

    def to_json(self) -> dict[str, Any]:
        names = ("code", "name", "scope", "since", "fix", "pack", "summary")
        shown = {name: getattr(self, name) for name in names}
        many = {"bad": list(self.bad), "good": list(self.good), "references": list(self.references)}
        return {**shown, "severity": str(self.severity), "doc": self.why, **many}


def rule(
    code: str,
    name: str,
    severity: Severity,
    *,
    bad: Sequence[str],
    good: Sequence[str],
    since: str = "0.1.0",
    references: Sequence[str] = (),
    fix: str = "",
    needs: Iterable[Need] = (),
) -> Callable[[Judge], Rule]:
    """Make a rule of a generator. fix: "safe" or "unsafe" where it can mend what it finds.

    needs: a tool without any of these is passed over unasked. A form (`class`, `function`), types of nodes
    (`ast.Raise`), calls by dotted name (`requests.get`, `requests.*`), sections of the docstring (`Args:`).
    """

    def made(judge: Judge) -> Rule:
        made_rule = Rule(
            code,
            name,
            severity,
            judge,
            _scope(judge),
            tuple(bad),
            tuple(good),
            since,
            tuple(references),
            fix,
            needs=tuple(needs),
        )
        _insist(made_rule)
        return made_rule

    return made


def _scope(judge: Judge) -> str:
    """What the first parameter's hint asks for: `Module`, `ToolSource` or `Sequence[Summary]`."""
    hints = list(getattr(judge, "__annotations__", {}).values())
    text = getattr(hints[0], "__qualname__", "") + str(hints[0]) if hints else ""
    return "project" if "Summary" in text else "module" if "Module" in text else "tool"


def _insist(made: Rule) -> None:
    problem = (
        "its code is not letters and digits, like ACME101" if not _CODE.fullmatch(made.code)
        else "it has no docstring that says why" if not made.why
        else "it has no bad and good example" if not made.bad or not made.good
        else ""
    )  # fmt: skip
    if problem:
        raise RulePackError(f"rule {made.code} ({made.name}): {problem}", hint="see docs/writing-rules.md")
