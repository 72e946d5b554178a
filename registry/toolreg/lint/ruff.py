"""One ruff process beside our own pass, for what ruff already does well.

Its rules are chosen so that nothing is reported twice; its findings are shown as `ruff:S602`, and only for
files that hold a tool. Where a rule of ours says more about the same line, ruff's finding is dropped.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from toolreg.errors import RulePackError
from toolreg.lint.finding import Finding
from toolreg.lint.settings import LintConfig

# Undefined and unused names, faults at run time, async misuse, and dangers that need no knowledge of tools.
# ANN, D and DOC are left out: our own rules know which functions are tools and what smolagents makes of them.
SELECT = (
    "F402", "F404", "F502", "F503", "F504", "F505", "F506", "F507", "F508", "F509", "F521", "F522", "F523", "F524", "F525", "F601",
    "F602", "F621", "F622", "F632", "F633", "F634", "F701", "F702", "F704", "F706", "F707", "F811", "F821", "F822", "F823", "F841", "F842",
    "PLE", "ASYNC", "B018", "B023", "S102", "S202", "S306", "S307", "S323", "S602", "S604", "S605", "S609", "S701",
)  # fmt: skip
# Hidden characters are TRG601's; ruff's list is a part of ours.
IGNORE = ("PLE2502", "PLE2510", "PLE2512", "PLE2513", "PLE2514", "PLE2515")
# ruff's code -> ours that says the same of a line, and more.
TWINS: Mapping[str, tuple[str, ...]] = {
    "S602": ("TRG509",),
    "S604": ("TRG509",),
    "S605": ("TRG509",),
    "S609": ("TRG509",),
    "S102": ("TRG518",),
    "S307": ("TRG518",),
    "S608": ("TRG510",),
    "S113": ("TRG501",),
    "S501": ("TRG508",),
    "S301": ("TRG512",),
    "S302": ("TRG512",),
    "S506": ("TRG512",),
    "B006": ("TRG115",),
    "E722": ("TRG505",),
    "BLE001": ("TRG505",),
    "S110": ("TRG505",),
    "T201": ("TRG504",),
    "PLW0603": ("TRG506",),
    "S105": ("TRG513",),
    "S106": ("TRG513",),
    "S107": ("TRG513",),
    "F403": ("TRG406",),
    "F405": ("TRG406",),
    "F821": ("TRG406",),
}
_ERRORS = ("F5", "F6", "F7", "F82", "PLE", "S")
_LONGEST = 1_000_000  # bytes of arguments that every system takes


class Ruff:
    """ruff at work while we are."""

    def __init__(self, program: str, running: Sequence[tuple[int, int]] = ()) -> None:
        self.program = program
        self._running = list(running)

    @classmethod
    def start(cls, paths: Sequence[str], config: LintConfig) -> Ruff:
        """Start ruff over some files. Raises RulePackError where there is no ruff."""
        if config.ruff == "off":
            return cls("")
        program = _program()
        options = _options(config)
        return cls(program, [_spawn([program, *options, *share]) for share in _shares(paths)])

    def collect(self) -> dict[str, list[Finding]]:
        """Findings by path. Raises RulePackError where ruff broke: it judged nothing then."""
        texts = [_finish(pid, pipe, self.program) for pid, pipe in self._running]
        if all(text in ("", "[]", "[]\n") for text in texts):
            return {}
        import json

        found: dict[str, list[Finding]] = {}
        for record in (r for text in texts for r in json.loads(text or "[]")):
            if record["code"]:
                found.setdefault(record["filename"], []).append(_finding(record))
        return found


def merge(ours: Sequence[Finding], theirs: Iterable[Finding]) -> list[Finding]:
    """Both, without what ours say already."""
    said = {(f.code, f.line) for f in ours}
    fresh = [
        f
        for f in theirs
        if not any((twin, f.line) in said for twin in TWINS.get(f.code.removeprefix("ruff:"), ()))
    ]
    return sorted([*ours, *fresh], key=Finding.order)


def _program() -> str:
    try:
        from ruff import find_ruff_bin  # type: ignore[import-untyped]
    except ImportError as error:
        raise RulePackError("ruff is not installed", hint="pip install ruff, or pass --no-ruff") from error
    try:
        return str(find_ruff_bin())
    except FileNotFoundError as error:
        raise RulePackError("ruff's program is missing", hint="reinstall ruff, or pass --no-ruff") from error


def _options(config: LintConfig) -> list[str]:
    always = ["check", "--no-cache", "--exit-zero", "--quiet", "--force-exclude", "--output-format=json"]
    if config.ruff == "project":
        return always
    return [
        *always,
        "--isolated",
        "--target-version=py311",
        f"--select={','.join(SELECT)}",
        f"--ignore={','.join(IGNORE)}",
    ]


def _shares(paths: Sequence[str]) -> list[list[str]]:
    shares: list[list[str]] = []
    room = 0
    for path in map(os.path.abspath, paths):
        if room < len(path) + 9:
            shares.append([])
            room = _LONGEST
        shares[-1].append(path)
        room -= len(path) + 9
    return shares


def _spawn(command: list[str]) -> tuple[int, int]:
    reader, writer = os.pipe()
    actions = [(os.POSIX_SPAWN_DUP2, writer, 1), (os.POSIX_SPAWN_CLOSE, reader)]
    try:
        pid = os.posix_spawn(command[0], command, dict(os.environ), file_actions=actions)
    except OSError as error:
        os.close(reader)
        raise RulePackError(
            f"cannot start ruff: {error.strerror}", hint="reinstall ruff, or pass --no-ruff"
        ) from error
    finally:
        os.close(writer)
    return pid, reader


def _finish(pid: int, pipe: int, program: str) -> str:
    with open(pipe, "rb") as file:
        text = file.read().decode("utf-8", "replace")
    _, status = os.waitpid(pid, 0)
    if status:
        raise RulePackError(
            f"{program} failed (exit {os.waitstatus_to_exitcode(status)}); its rules judged nothing",
            hint="run it by hand, or pass --no-ruff",
        )
    return text


def _finding(record: Mapping[str, Any]) -> Finding:
    code, start, end = record["code"], record["location"], record["end_location"]
    severity = "error" if code.startswith(_ERRORS) else "warning"
    return Finding(
        record["filename"], start["row"], start["column"], end["row"], end["column"], f"ruff:{code}", record.get("name") or code.lower(),
        record["message"], severity, "", None, record.get("url") or "",
    )  # fmt: skip
