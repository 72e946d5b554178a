"""One file through all rules: bytes -> findings, and what the project needs to know of its tools."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence

from toolreg.contract.docstring import Item, Section
from toolreg.contract.source import Module, ToolSource, parse_module
from toolreg.errors import RulePackError, SourceError, ToolregError
from toolreg.infer import files_of, forget
from toolreg.lint.api import Fix, Hit, Place, Rule, Summary, Where
from toolreg.lint.finding import DOCS, Finding, TextEdit, TextFix
from toolreg.lint.lines import line_starts
from toolreg.lint.needs import Plan, plan_for
from toolreg.lint.record import DATED, Outcome
from toolreg.lint.suppress import suppress, suppressions
from toolreg.lint.tokens import described_words

MOST = 100_000  # findings of one rule in one file: a rule that gives more has no end


def judge_bytes(path: str, data: bytes, rules: Sequence[Rule]) -> Outcome:
    """Judge one file's bytes. Never raises: an error is part of the outcome."""
    try:
        module = parse_module(path, data)
        try:
            found = lint_module(module, rules)
            return Outcome(found, summaries(module), None, _comments(module), files_of(module))
        finally:
            forget(module)
            module.forget()
    except ToolregError as error:
        return Outcome(error=error)
    except RecursionError:
        hint = "split the deepest expression or statement"
        return Outcome(error=SourceError("too deeply nested to judge", path=path, hint=hint))


def _comments(module: Module) -> list[tuple[int, str, str]]:
    """Suppressions that outlast the judgement: ruff's, applied once ruff has answered, and those with an end."""
    found = suppressions(module.text)
    ours = [(c.applies, DATED, c.reason) for c in found if c.reason and c.until is not None]
    return ours + [
        (c.applies, code, c.reason)
        for c in found
        for code in c.codes
        if c.reason and code.startswith("ruff:")
    ]


def lint_module(module: Module, rules: Sequence[Rule]) -> list[Finding]:
    """Findings of every rule over a module and its tools, sorted, suppressed ones marked.

    Raises RulePackError where a rule crashes: a crash is no clean bill.
    """
    tools = module.tools
    if not tools:
        return []
    places = _Places(module)
    found: dict[tuple[int, int, str, str], Finding] = {}
    plan = plan_for(rules)
    subjects: list[tuple[Module | ToolSource, Sequence[Rule]]] = [(module, plan.of_modules)]
    for subject, chosen in subjects + [(tool, _chosen(plan, tool)) for tool in tools]:
        for rule in chosen:
            try:
                for number, hit in enumerate(rule.judge(subject)):
                    if number > MOST:
                        raise RuntimeError(f"more than {MOST:,} findings in one file")
                    finding = places.finding(rule, hit, subject)
                    found.setdefault((finding.line, finding.column, finding.code, finding.message), finding)
            except RecursionError:
                raise
            except (
                Exception,
                SystemExit,
            ) as error:  # a rule may be a third party's; whatever it raises, it did not judge
                raise _crash(rule, error, module) from error
    findings = sorted(found.values(), key=Finding.order)
    return suppress(module, findings, rules) if "toolreg:" in module.text else findings


def _chosen(plan: Plan, tool: ToolSource) -> Sequence[Rule]:
    """The rules to ask; all of them where a tool cannot be looked through, so that a rule says why."""
    try:
        return plan.rules_for(tool)
    except RecursionError:
        raise
    except Exception:  # noqa: BLE001 - all rules are asked then, and the one that stumbles is named
        return plan.of_tools


def _crash(rule: Rule, error: BaseException, module: Module) -> RulePackError:
    where = f"rule {rule.code} ({rule.name}) of pack '{rule.pack or 'unknown'}' crashed: {type(error).__name__}: {error}"
    hint = f"report it to the pack's authors; meanwhile remove the pack, or the file, from the run ({rule.code} judged nothing)"
    return RulePackError(where, path=module.path, hint=hint)


def summaries(module: Module) -> list[tuple[str, int, int, int, int, str]]:
    """What project-wide rules compare: name, place and words of each tool."""
    places = _Places(module)
    return [(t.name, *places.span(heading(t.node)), described_words(t)) for t in module.tools]


def project_findings(rules: Sequence[Rule], tools: Sequence[Summary]) -> Iterator[Finding]:
    """Findings of the rules that compare tools with each other."""
    for rule in rules:
        if rule.scope != "project":
            continue
        for hit in rule.judge(tools):
            if isinstance(hit[0], Summary):
                yield _of_summary(rule, hit[0], hit[1])


def _of_summary(rule: Rule, summary: Summary, message: str) -> Finding:
    return Finding(
        summary.path,
        *summary.place,
        rule.code,
        rule.name,
        message,
        str(rule.severity),
        summary.name,
        url=url_of(rule),
    )


def url_of(rule: Rule) -> str:
    return f"{DOCS}{rule.code}.md" if rule.pack == "builtin" else ""


def heading(node: ast.AST) -> Place:
    """The first line of a definition, without its decorators and body."""
    line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
    word = (
        "class "
        if isinstance(node, ast.ClassDef)
        else "async def "
        if isinstance(node, ast.AsyncFunctionDef)
        else "def "
    )
    return Place(line, column, line, column + len(word) + len(getattr(node, "name", "").encode()))


class _Places:
    """From nodes and byte columns to lines, characters and offsets of one file."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.lines = module.lines
        self._starts: list[int] = []

    def finding(self, rule: Rule, hit: Hit, subject: Module | ToolSource) -> Finding:
        where, message = hit[0], hit[1]
        if not isinstance(message, str):
            raise TypeError(f"a message is a string, not {message!r}")
        fix = hit[2] if len(hit) > 2 else None
        span = self.span(where)
        tool = subject.name if isinstance(subject, ToolSource) else ""
        made = self._fix(fix) if fix is not None else None
        source = self.lines[span[0] - 1] if 0 < span[0] <= len(self.lines) else ""
        return Finding(
            self.module.path,
            *span,
            rule.code,
            rule.name,
            message,
            str(rule.severity),
            tool,
            made,
            url_of(rule),
            None,
            source[:400],
        )

    def span(self, where: Where) -> tuple[int, int, int, int]:
        place = _place(where)
        line = min(max(place.line, 1), max(len(self.lines), 1))
        end_line = min(max(place.end_line or line, line), max(len(self.lines), 1))
        column = self._column(line, place.column) + 1
        end = (
            self._column(end_line, place.end_column) + 1
            if place.end_line
            else len(self.lines[line - 1] if self.lines else "") + 1
        )
        if not place.column and not place.end_line and self.lines:
            text = self.lines[line - 1]
            column = len(text) - len(text.lstrip()) + 1
        return (line, column, end_line, max(end, column + 1) if end_line == line else end)

    def _column(self, line: int, column: int) -> int:
        text = self.lines[line - 1] if self.lines else ""
        return column if text.isascii() else len(text.encode()[:column].decode(errors="ignore"))

    def _fix(self, fix: Fix) -> TextFix:
        edits = [TextEdit(self._offset(e.place.line, e.place.column), self._offset(e.place.end_line or e.place.line, e.place.end_column if e.place.end_line else e.place.column), e.content) for e in fix.edits]  # fmt: skip
        return TextFix(fix.message, edits, fix.safe)

    def _offset(self, line: int, column: int) -> int:
        if not self._starts:
            self._starts = line_starts(self.module.text)
        if line > len(self._starts):
            return len(self.module.text)
        return self._starts[line - 1] + (self._column(line, column) if line <= len(self.lines) else 0)


def _place(where: Where) -> Place:
    match where:
        case int():
            return Place(where)
        case Place():
            return where
        case Item() | Section():
            return Place(where.line)
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return heading(where)
    line = getattr(where, "lineno", 1)
    return Place(
        line,
        getattr(where, "col_offset", 0),
        getattr(where, "end_lineno", None) or line,
        getattr(where, "end_col_offset", None) or 0,
    )


def place_of(node: ast.AST) -> Place:
    """The whole stretch of a node, for an edit."""
    return Place(node.lineno, node.col_offset, node.end_lineno or node.lineno, node.end_col_offset or 0)  # type: ignore[attr-defined]


def unsuppressed(findings: Iterable[Finding]) -> list[Finding]:
    return [f for f in findings if f.suppressed is None]
