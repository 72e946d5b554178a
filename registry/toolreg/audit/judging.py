"""One file, judged: a pure function of its bytes and the options, so that any process may do it.

The file is parsed, never imported. With `check` its tools run, inside the sandbox and nowhere else.
"""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from toolreg.audit.items import Item, Row
from toolreg.audit.options import AuditOptions
from toolreg.audit.rows import error_row, finding_row, tool_row
from toolreg.audit.trying import libraries, prover, sandbox
from toolreg.contract import Module, ToolSource, parse_module
from toolreg.errors import HarnessError, SandboxError, SourceError, ToolregError
from toolreg.harness.budget import Budget
from toolreg.lint.judge import lint_module
from toolreg.lint.packs import load_rules
from toolreg.lint.selection import Selection
from toolreg.lint.settings import LintConfig
from toolreg.verdict import Report, check, decide, read

if TYPE_CHECKING:
    from toolreg.lint.api import Rule
    from toolreg.lint.finding import Finding


# Modules are looked for beside a file: here is nothing, whatever folder this process stands in.
NOWHERE = "/dev/null"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one file came to. error: why nothing, or not all of it, was judged.

    passing: another run may judge what this one could not (a sandbox that broke, a worker that died).
    """

    tools: tuple[Row, ...] = ()
    findings: tuple[Row, ...] = ()
    error: Row | None = None
    passing: bool = False


def judge(item: Item, options: AuditOptions) -> Judgement:
    """Everything about the tools of one file. Never raises a ToolregError: that is part of the answer."""
    try:
        with _module(item) as module:
            return _judge_module(module, item, options)
    except SandboxError as error:
        return Judgement(error=error_row(error, item.label), passing=True)
    except ToolregError as error:
        return Judgement(error=error_row(error, item.label))
    except OSError as error:  # a full disk, for the files that stand beside a tool
        room = HarnessError(
            f"cannot be laid out: {error.strerror or error}", hint="make room where TMPDIR points"
        )
        return Judgement(error=error_row(room, item.label), passing=True)
    except RecursionError:
        deep = SourceError("too deeply nested to judge", hint="split the deepest expression or statement")
        return Judgement(error=error_row(deep, item.label))


@contextmanager
def _module(item: Item) -> Iterator[Module]:
    """The parsed file: beside what it needs, in a folder made for it, or at a place where nothing can stand."""
    if not item.files:
        yield parse_module(f"{NOWHERE}/{item.label}", item.data)
        return
    with tempfile.TemporaryDirectory(prefix="toolreg-audit-") as folder:
        for name, data in item.files.items():
            path = os.path.join(folder, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(data)
        path = os.path.join(folder, item.place or os.path.basename(item.label))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(item.data)
        yield parse_module(path, item.data)


def _judge_module(module: Module, item: Item, options: AuditOptions) -> Judgement:
    if not module.tools:
        return Judgement()
    rules, wanted = _rules(options.packs), _selection(options.select, options.ignore)
    findings = wanted.apply(lint_module(module, rules))
    ran = sum(wanted.wants(rule.code) for rule in rules)
    reports = [_report(tool, findings, ran, options) for tool in module.tools]
    return Judgement(
        tuple(tool_row(report, decide(report), item) for report in reports),
        tuple(finding_row(finding, item) for finding in findings),
    )


def _report(tool: ToolSource, findings: Sequence[Finding], ran: int, options: AuditOptions) -> Report:
    if options.check:
        # Drawn in a thread beside others', as in a worker of Dask; what is drawn does not come from there.
        warnings.filterwarnings("ignore", "Do not use the `random` module inside strategies")
        wanted = libraries(tool.module)
        box, proofs = sandbox(wanted), prover(wanted)
        return check(
            tool, findings, rules=ran, sandbox=box, prover=proofs, budget=Budget(options.seconds, survey=True)
        )
    return read(tool, findings, rules=ran)


@cache
def _rules(packs: tuple[str, ...]) -> tuple[Rule, ...]:
    return load_rules(packs)


@cache
def _selection(select: tuple[str, ...], ignore: tuple[str, ...]) -> Selection:
    return Selection(LintConfig(select=select, ignore=ignore))
