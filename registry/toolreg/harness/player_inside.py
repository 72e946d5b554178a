"""Plays scenes one after the other inside the sandbox, as many as their time allows, and prints what came of each.

Its text follows that of `inside.py`; nothing imports it here. What a source prints is kept as a doctest would see it.
"""
# mypy: ignore-errors

from __future__ import annotations

import builtins
import io
import json
import sys
import time

try:
    from resource import RUSAGE_CHILDREN, getrusage
except ImportError:  # WebAssembly starts no programs
    getrusage = None

_PAGE, _LONGEST, _MOST = 950_000, 150_000, 5_000_000  # characters; JSON may write one as six
_clocks = (time.process_time, time.perf_counter, json.dumps)


def _spent():
    """Processor seconds of this process and of the programs that it started and saw end."""
    used = getrusage(RUSAGE_CHILDREN) if getrusage else None
    return _clocks[0]() + (used.ru_utime + used.ru_stime if used else 0.0)


class _Kept(io.StringIO):
    """What one source prints; what is too much is dropped."""

    left = _LONGEST

    def write(self, text):
        super().write(text[: self.left])
        self.left -= min(self.left, len(text))
        return len(text)


def _error(error):
    kind = type(error)
    module = getattr(kind, "__module__", "")
    prefix = "" if module in ("builtins", "__main__", "tool") else f"{module}."
    try:
        message = str(error)
    except BaseException:  # noqa: BLE001 - a hostile __str__
        message = "(its message cannot be shown)"
    return [(prefix + str(kind.__qualname__))[:200], message[:10_000]]


def _run(deed):
    """[what it printed, its error, the error's message]"""
    kept = _Kept()
    real, shown = sys.stdout, sys.displayhook
    sys.stdout, sys.displayhook = kept, sys.__displayhook__
    try:
        deed()
    except BaseException as error:  # noqa: BLE001 - an example may raise anything
        return [kept.getvalue(), *_error(error)]
    finally:
        sys.stdout, sys.displayhook = real, shown
    return [kept.getvalue(), "", ""]


def _played(plan, code, names):
    """A list for every source: its scene, then what came of it or the number of the list that said the same.

    The last is ["done" or what was spent, processor seconds]. A scene that is not played in full does not appear.
    """
    compiled, told, size = {}, {}, 0
    tool = compile(code, "tool.py", "exec", dont_inherit=True) if plan["staged"] else None
    began, clock = _spent(), _clocks[1]()

    def deed(text):
        if text not in compiled:
            compiled[text] = compile(
                text if text.endswith("\n") else text + "\n", "<example>", "single", 0, True
            )
        exec(compiled[text], names)

    for number, (setting, sources) in enumerate(plan["scenes"]):
        left = "time" if _clocks[1]() - clock > plan["wall"] else "output" if size > _MOST else ""
        left = left or ("time" if _spent() - began > plan["cpu"] else "")
        if left and (number >= plan["fewest"] or left == "output"):
            yield [left, _spent() - began]
            return
        deeds = [] if setting is None else [lambda: enter(setting, tool, plan["entry"], names, plan["name"])]  # noqa: B023, F821
        for each in (*deeds, *((lambda at=at: deed(plan["sources"][at])) for at in sources)):
            said = tuple(_run(each))
            if said not in told:
                told[said] = len(told)
                size += sum(map(len, said))
                yield [number, *said]
            else:
                yield [number, told[said]]
    yield ["done", _spent() - began]


def begin(plan, code, names):
    """plan: JSON of {scenes: [[setting or null, [number of a source]]], sources, entry, name, staged, fewest, cpu, wall}."""
    names.setdefault("__builtins__", builtins)
    lines = (_clocks[2](each, ensure_ascii=False) for each in _played(json.loads(plan), code, names))
    globals().update(_lines=lines, _waiting="")


def more(mark):
    """Print the next page of results, in one piece: a thread of the tool may print too."""
    page, size = [], 0
    while line := globals()["_waiting"] or next(globals()["_lines"], ""):
        size += len(line) + 1
        globals()["_waiting"] = line if size > _PAGE else ""
        if size > _PAGE:
            break
        page.append(line)
    if page:
        sys.stdout.write(f"\x1e{mark}[{','.join(page)}]\x1e")
