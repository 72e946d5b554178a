"""`toolreg lint`: parse, judge, print, exit; on its own parser, for it must not wait for typer."""

from __future__ import annotations

import os
import sys

from toolreg.errors import INTERRUPTED, ToolregError, UsageError
from toolreg.lint.options import Given, help_text, parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from toolreg.lint.runner import LintResult
    from toolreg.lint.settings import LintConfig


def main(argv: Sequence[str]) -> int:
    """Run `toolreg lint ARGV`; returns the exit code."""
    try:
        given = parse(argv)
        if given.help:
            sys.stdout.write(help_text())
            return 0
        return _run(given)
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return INTERRUPTED
    except BrokenPipeError:
        raise  # nobody reads any more: the entry point ends in silence
    except Exception as error:  # a fault of toolreg's own must not reach a user as a traceback
        if "--debug" in argv:
            raise
        from toolreg.cli.failures import told

        known = error if isinstance(error, ToolregError) else told(error)
        complain(known)
        return known.exit_code


def complain(error: ToolregError) -> None:
    """Two lines: what happened, what to do."""
    sys.stderr.write(f"error: {_plain(str(error))}\n")
    if error.hint:
        sys.stderr.write(f"hint: {error.hint}\n")


def _plain(text: str) -> str:
    return text if text.isprintable() else "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)


def _run(given: Given) -> int:
    config = settings(given)
    paths = given.paths or ["."]
    if given.watch:
        from toolreg.lint.watch import watch

        return watch(paths, config, lambda result: _report(result, given))
    if paths == ["-"]:
        return _run_stdin(given, config)
    if given.fix or given.diff:
        return _run_fixes(paths, given, config)
    from toolreg.lint.runner import lint

    out, sys.stdout = (
        sys.stdout,
        sys.stderr,
    )  # a rule of a pack may print; the report is not to be mixed with it
    try:
        result = lint(paths, config.but(baseline="") if given.write_baseline else config)
    finally:
        sys.stdout = out
    if given.write_baseline:
        return _write_baseline(result, config)
    return _report(result, given)


def settings(given: Given) -> LintConfig:
    """Options over [tool.toolreg.lint] over defaults. Raises ConfigError, UsageError."""
    from toolreg.config import find_pyproject, lint_config

    path = given.config or ("" if given.isolated else find_pyproject())
    config = lint_config(path)
    changes: dict[str, object] = {"rests_on": [p for p in (path, *config.catalogues) if p]}
    for name in ("select", "baseline", "fail_on", "jobs"):
        if given.values[name]:
            changes[name] = given.values[name]
    for name in ("ignore", "extend_select", "exclude"):
        changes[name] = (*getattr(config, name), *given.values[name])
    if given.per_file_ignores:
        changes["per_file"] = _per_file(config, given.per_file_ignores)
    changes["allow_no_tools"] = given.allow_no_tools
    changes["cache"] = "" if given.no_cache else given.cache_dir or _cache_folder()
    if given.no_ruff:
        changes["ruff"] = "off"
    return config.but(**changes)


def _per_file(config: LintConfig, pairs: Sequence[str]) -> dict[str, tuple[str, ...]]:
    merged = dict(config.per_file)
    for pair in pairs:
        glob, colon, code = pair.rpartition(":")
        if not colon or not glob or not code:
            raise UsageError(
                f"--per-file-ignores: '{pair}' is no GLOB:CODE",
                hint="write --per-file-ignores 'tests/*:TRG205'",
            )
        merged[glob] = (*merged.get(glob, ()), code)
    return merged


def _cache_folder() -> str:
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(base, "toolreg", "lint") if os.path.isabs(base) else ""


def _report(result: LintResult, given: Given) -> int:
    from toolreg.lint.formats import render, text

    name, show = given.format or "text", _show(given)
    body = (
        text.statistics(result)
        if given.statistics and name in ("text", "concise")
        else render(name, result, color=_color(given), show=show)
    )
    if given.output:
        _write(given.output, body)
    else:
        sys.stdout.write(body)
        sys.stdout.flush()
    for error in result.errors:
        complain(error)
    if name in ("text", "concise") and not given.quiet:
        sys.stderr.write(text.summary(result, show) + "\n")
    return result.exit_code


def _write(path: str, body: str) -> None:
    try:
        with open(path, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(body)
    except OSError as error:
        raise UsageError(f"cannot write: {error.strerror}", path=path, hint="check --output") from error


def _show(given: Given) -> str:
    """What fails is always shown."""
    return str(given.show or ("info" if given.fail_on == "info" else "warning"))


def _color(given: Given) -> bool:
    if given.color in ("always", "never"):
        return bool(given.color == "always")
    return not given.output and sys.stdout.isatty() and "NO_COLOR" not in os.environ


def _run_stdin(given: Given, config: LintConfig) -> int:
    from toolreg.lint.stdin import lint_bytes

    return _report(lint_bytes(sys.stdin.buffer.read(), given.stdin_filename or "<stdin>", config), given)


def _run_fixes(paths: Sequence[str], given: Given, config: LintConfig) -> int:
    from toolreg.lint.fixes import fix_paths

    outcome = fix_paths(paths, config, unsafe=given.unsafe_fixes, write=not given.diff)
    if given.diff:
        sys.stdout.write(outcome.diff)
        for error in outcome.result.errors:
            complain(error)
        if not given.quiet:
            sys.stderr.write(f"{outcome.fixed} finding{'' if outcome.fixed == 1 else 's'} would be mended\n")
        return max(int(bool(outcome.diff)), outcome.result.exit_code if outcome.result.errors else 0)
    if not given.quiet:
        sys.stderr.write(f"{outcome.fixed} finding{'' if outcome.fixed == 1 else 's'} mended\n")
    return _report(outcome.result, given)


def _write_baseline(result: LintResult, config: LintConfig) -> int:
    from toolreg.lint.baseline import write_baseline

    for error in result.errors:
        complain(error)
    if result.errors:
        return result.exit_code
    path = config.baseline or "toolreg-baseline.json"
    count = write_baseline(result.findings, path)
    sys.stderr.write(f"{count} finding{'' if count == 1 else 's'} written to {path}\n")
    return 0
