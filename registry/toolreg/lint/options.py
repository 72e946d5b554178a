"""The options of `toolreg lint`, declared once: for the quick parser, for --help and for typer."""

from __future__ import annotations

from toolreg.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

FORMATS = ("text", "concise", "json", "sarif", "github", "gitlab", "junit")


class Option:
    """One option. kind: flag, value, number, list (comma separated, may be repeated)."""

    __slots__ = ("choices", "dest", "flags", "help", "kind", "metavar")

    def __init__(
        self,
        flags: str,
        kind: str,
        help_: str,
        *,
        metavar: str = "",
        choices: Sequence[str] = (),
        dest: str = "",
    ) -> None:
        self.flags = flags.split()
        self.kind, self.help, self.metavar, self.choices = kind, help_, metavar, tuple(choices)
        self.dest = dest or self.flags[0].lstrip("-").replace("-", "_")

    @property
    def default(self) -> Any:
        return {"flag": False, "list": (), "number": 0}.get(self.kind, "")


OPTIONS = (
    Option(
        "--select",
        "list",
        "Rules to run: codes or their beginnings, e.g. TRG5; ALL is every rule.",
        metavar="CODES",
    ),
    Option("--ignore", "list", "Rules to leave out.", metavar="CODES"),
    Option("--extend-select", "list", "Rules to run besides the selected ones.", metavar="CODES"),
    Option("--per-file-ignores", "list", "Rules to leave out in some files.", metavar="GLOB:CODE"),
    Option("--exclude", "list", "Files or folders to leave out.", metavar="GLOBS"),
    Option("--fix", "flag", "Mend what can be mended safely."),
    Option("--unsafe-fixes", "flag", "With --fix or --diff: mend also where the meaning may change."),
    Option("--diff", "flag", "Show what --fix would change, and change nothing."),
    Option("--format", "value", "How to report.", metavar="FORMAT", choices=FORMATS),
    Option("--output -o", "value", "Write the report to a file.", metavar="FILE"),
    Option("--statistics", "flag", "Count findings by rule instead of listing them."),
    Option(
        "--fail-on",
        "value",
        "The least severity that is refused (exit 1). Default: warning.",
        metavar="LEVEL",
        choices=("error", "warning", "info"),
    ),
    Option(
        "--show",
        "value",
        "The least severity to print in text; other formats hold all. Default: warning.",
        metavar="LEVEL",
        choices=("error", "warning", "info"),
    ),
    Option("--baseline", "value", "Report only what is not in this file.", metavar="FILE"),
    Option("--write-baseline", "flag", "Write all findings of this run to the baseline file."),
    Option("--allow-no-tools", "flag", "Accept files without a tool, and a run that sees none (for hooks)."),
    Option("--no-ruff", "flag", "Leave ruff's rules out."),
    Option("--no-cache", "flag", "Judge every file anew and remember nothing."),
    Option("--cache-dir", "value", "Where to remember findings.", metavar="DIR"),
    Option("--config", "value", "Read this pyproject.toml.", metavar="FILE"),
    Option("--isolated", "flag", "Read no configuration."),
    Option("--jobs -j", "number", "Processes to use; 0 is one a core.", metavar="N"),
    Option("--watch -w", "flag", "Judge again whenever a file changes."),
    Option("--stdin-filename", "value", "Judge standard input under this name (path `-`).", metavar="NAME"),
    Option("--color", "value", "When to colour.", metavar="WHEN", choices=("auto", "always", "never")),
    Option("--quiet -q", "flag", "Print nothing but findings and errors."),
    Option("--debug", "flag", "Show a traceback where toolreg itself fails."),
)
USAGE = "toolreg lint [PATHS]... [OPTIONS]"
ABOUT = "Judge smolagents tools statically: contract, docstring, side effects, publishing, dangers, text for the model."
CODES = "Exit codes: 0 good, 1 refused, 2 usage, 3 not judged (beats 1), 130 interrupted."


class Given:
    """What the command line said. paths, then one attribute for each option."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.help = False
        self.values: dict[str, Any] = {option.dest: option.default for option in OPTIONS}

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["values"][name]
        except KeyError:
            raise AttributeError(name) from None


def parse(argv: Sequence[str]) -> Given:
    """Read the arguments after `lint`. Raises UsageError."""
    given, known = Given(), {flag: option for option in OPTIONS for flag in option.flags}
    rest = list(argv)
    while rest:
        word = rest.pop(0)
        if word == "--":
            given.paths += rest
            break
        if word in ("-h", "--help"):
            given.help = True
        elif word == "-" or not word.startswith("-"):
            given.paths.append(word)
        else:
            flag, equals, value = word.partition("=")
            option = known.get(flag) or _unknown(flag, known)
            _take(given, option, flag, value if equals else None, rest)
    return given


def _take(given: Given, option: Option, flag: str, value: str | None, rest: list[str]) -> None:
    if option.kind == "flag":
        if value is not None:
            raise UsageError(f"{flag} takes no value", hint=f"write {flag} alone")
        given.values[option.dest] = True
        return
    if value is None:
        if not rest:
            raise UsageError(f"{flag} needs a value", hint=f"write {flag} {option.metavar}")
        value = rest.pop(0)
    if option.choices and value not in option.choices:
        raise UsageError(f"{flag}: no such choice '{value}'", hint=f"one of: {', '.join(option.choices)}")
    if option.kind == "number":
        if not value.isdigit():
            raise UsageError(f"{flag}: '{value}' is no number", hint=f"write {flag} 2")
        given.values[option.dest] = int(value)
    elif option.kind == "list":
        given.values[option.dest] += tuple(part.strip() for part in value.split(",") if part.strip())
    else:
        given.values[option.dest] = value


def _unknown(flag: str, known: dict[str, Option]) -> Option:
    from difflib import get_close_matches

    near = get_close_matches(flag, known, 1)
    raise UsageError(
        f"no such option: {flag}", hint=f"did you mean {near[0]}?" if near else "see `toolreg lint --help`"
    )


def help_text() -> str:
    """What `toolreg lint --help` prints."""
    rows = [
        (", ".join(reversed(o.flags)) + (f" {o.metavar}" if o.metavar else ""), _explained(o))
        for o in OPTIONS
    ]
    rows.append(("-h, --help", "Show this and exit."))
    width = max(len(left) for left, _ in rows)
    lines = [f"  {left:<{width}}  {right}" for left, right in rows]
    return "\n".join([f"Usage: {USAGE}", "", ABOUT, "", "Options:", *lines, "", CODES, ""])


def _explained(option: Option) -> str:
    return f"{option.help} One of: {', '.join(option.choices)}." if option.choices else option.help
