"""Constants of a tool's code: what it compares with is what may change its mind."""

from __future__ import annotations

import ast
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

_MOST = 40
_LONGEST = 200
_DATE = re.compile(r"(20\d\d|21\d\d)-(\d\d)-(\d\d)")
_NAME = re.compile(r"[A-Za-z][\w.-]{1,31}")
_DAY = 86_400.0
_SECONDS = (1_000_000_000, 5_000_000_000)
_CHANCE = {
    "random",
    "secrets",
    "uuid",
    "randint",
    "choice",
    "randrange",
    "uuid4",
    "shuffle",
    "sample",
    "uniform",
}
_SEARCHES = {"search", "match", "fullmatch", "findall", "finditer", "compile", "sub"}
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Constants:
    """texts and numbers, those of comparisons first; moments: seconds since 1970 that the code names.

    fractions: numbers that are not whole. patterns: regular expressions. asks_chance: whether it draws lots.
    """

    texts: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    moments: tuple[float, ...] = ()
    fractions: tuple[float, ...] = ()
    patterns: tuple[str, ...] = ()
    asks_chance: bool = False

    @property
    def beginnings(self) -> tuple[str, ...]:
        """Texts that a key could begin with."""
        return tuple(t for t in self.texts if re.fullmatch(r"[A-Za-z0-9]{2,8}[-_]?", t))[:12]

    @property
    def names(self) -> tuple[str, ...]:
        """Texts that could name a user, a machine or a variable's value."""
        return tuple(t for t in self.texts if _NAME.fullmatch(t))


def constants(code: bytes) -> Constants:
    """The constants of a file's code, its docstrings left out. Nothing of it runs."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Constants()
    said = {id(each) for each in _docstrings(tree)}
    every = [n for n in (*_compared(tree), *_plain(tree)) if id(n) not in said]
    texts = [n.value for n in every if isinstance(n.value, str) and 0 < len(n.value) <= _LONGEST]
    numbers = [n.value for n in every if type(n.value) is int]
    moments = sorted({*_dates(tree), *_years(numbers), *_stamps(every), *_written(texts)})
    return Constants(
        _first(texts),
        _first(numbers),
        tuple(moments[:_MOST]),
        _first([n.value for n in every if type(n.value) is float]),
        _first([*_patterns(tree)])[:8],
        any(_CHANCE & set(n.name.split(".")) for n in ast.walk(tree) if isinstance(n, ast.alias))
        or b"urandom" in code,
    )


def _patterns(tree: ast.Module) -> Iterator[str]:
    """What `re.search("…", text)` and its like look for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name) and node.args:
            name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            first = node.args[0]
            if name in _SEARCHES and isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def _first(values: list[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))[:_MOST]


def _docstrings(tree: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


def _compared(tree: ast.Module) -> Iterator[ast.Constant]:
    """Constants in comparisons, in patterns, and in questions such as `startswith`."""
    for node in ast.walk(tree):
        asks = (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr.endswith("with")
        )
        if asks or isinstance(node, ast.Compare | ast.MatchValue):
            yield from _plain(node)


def _plain(tree: ast.AST) -> Iterator[ast.Constant]:
    return (n for n in ast.walk(tree) if isinstance(n, ast.Constant))


def _years(numbers: list[int]) -> Iterator[float]:
    for year in numbers:
        if 1990 <= year <= 2200:
            yield from (_moment(year, 1, 2), _moment(year + 1, 1, 2))


def _stamps(nodes: list[ast.Constant]) -> Iterator[float]:
    for node in nodes:
        for scale in (
            (1, 1000) if isinstance(node.value, int | float) and not isinstance(node.value, bool) else ()
        ):
            if _SECONDS[0] <= abs(node.value) / scale <= _SECONDS[1]:  # type: ignore[arg-type]
                yield float(node.value) / scale + 3600  # type: ignore[arg-type]


def _written(texts: list[str]) -> Iterator[float]:
    for text in texts:
        for year, month, day in _DATE.findall(text):
            yield from _days(int(year), int(month), int(day))


def _dates(tree: ast.Module) -> Iterator[float]:
    """`date(2027, 3, 1)`, and the like in a tuple."""
    for node in ast.walk(tree):
        parts = node.args if isinstance(node, ast.Call) else node.elts if isinstance(node, ast.Tuple) else []
        values = [p.value for p in parts[:3] if isinstance(p, ast.Constant) and type(p.value) is int]
        if len(values) == 3 and 1990 <= values[0] <= 2200:
            yield from _days(*values)


def _days(year: int, month: int, day: int) -> Iterator[float]:
    """That day at noon, and the next."""
    try:
        noon = _moment(year, month, day)
    except ValueError:
        return
    yield from (noon, noon + _DAY)


def _moment(year: int, month: int, day: int) -> float:
    return dt.datetime(year, month, day, 12, tzinfo=dt.UTC).timestamp()
