"""Is what an example printed what its docstring says? Decided here, outside the sandbox, as doctest would."""

from __future__ import annotations

import doctest
from dataclasses import dataclass

from toolreg.contract import Example

MAX_SHOWN = 400


@dataclass(frozen=True, slots=True)
class Printed:
    """What one example gave: its output, or the exception that ended it (type name and message)."""

    output: str
    error: str = ""


def mismatch(example: Example, printed: Printed) -> str:
    """Why the example does not hold, in one line; empty where it holds."""
    flags = sum(doctest.OPTIONFLAGS_BY_NAME.get(name, 0) for name in example.options)
    check = doctest.OutputChecker().check_output
    if example.error:
        if not printed.error:
            return f"line {example.line}: expected {_short(example.error)}, got {_short(printed.output)}"
        return (
            ""
            if _same_error(example.error, printed.error, flags)
            else _differs(example, example.error, printed.error)
        )
    if printed.error:
        return f"line {example.line}: raised {_short(printed.error)}"
    return (
        "" if check(example.want, printed.output, flags) else _differs(example, example.want, printed.output)
    )


def _same_error(want: str, got: str, flags: int) -> bool:
    if doctest.OutputChecker().check_output(want, got + "\n" if want.endswith("\n") else got, flags):
        return True
    bare = want.partition(":")[0].rpartition(".")[2] == got.partition(":")[0].rpartition(".")[2]
    return bare and (
        bool(flags & doctest.IGNORE_EXCEPTION_DETAIL)
        or want.partition(":")[2].strip() == got.partition(":")[2].strip()
    )


def _differs(example: Example, want: str, got: str) -> str:
    return f"line {example.line}: expected {_short(want)}, got {_short(got)}"


def _short(text: str) -> str:
    text = text.strip()
    return repr(text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + "…")
