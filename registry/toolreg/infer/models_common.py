"""What the models of API calls share."""

from __future__ import annotations

from toolreg.infer.machine import Args
from toolreg.infer.values import (
    DATA,
    Const,
    Inst,
    Value,
    hole,
    text,
)

MADE: Value = (
    Inst("toolreg.made", DATA, None),
)  # out of code that is made at run time: `code:*` stands for it
TEMP = text(("/tmp/", hole("is a temporary name", role="temp")))


def first(args: Args) -> Value:
    """The first argument, whatever it is called."""
    return args.pos[0] if args.pos else (args.rest or DATA)


def known_name(value: Value | None) -> str | None:
    """The constant text of a value, if it is one."""
    if (
        value is not None
        and len(value) == 1
        and isinstance(value[0], Const)
        and isinstance(value[0].value, str)
    ):
        return value[0].value
    return None
