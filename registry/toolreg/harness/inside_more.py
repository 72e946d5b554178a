"""More stages beside the tool: another machine, other chance, many calls at once, and the end of it all.

Its text runs in the names of `inside`, after it, in the sandbox; nothing imports it here.
"""
# mypy: ignore-errors
# ruff: noqa: F821 - the names of `inside`

from __future__ import annotations

import atexit
import collections
import gc
import os
import sys
import threading
import time

try:
    import resource
except ImportError:
    resource = None


def _put(place, name, value):
    """Something else in a module, until the next stage."""
    if hasattr(place, name):
        _put_back.append((place, name, getattr(place, name)))
        setattr(place, name, value)


def _machine(other):
    """A machine with more of everything, whose clocks nobody has touched; the tool is a file of somebody's there."""
    shift, cpus = 3_500_000.0, other["cpus"]
    for name in (
        "time",
        "time_ns",
        "clock_gettime",
        "clock_gettime_ns",
        "localtime",
        "gmtime",
        "ctime",
        "strftime",
        "asctime",
    ):
        _put(time, name, getattr(_real, name))
    for name in ("monotonic", "perf_counter"):
        real, real_ns = getattr(time, name), getattr(time, name + "_ns")
        _put(time, name, lambda real=real: real() + shift)
        _put(time, name + "_ns", lambda real=real_ns: real() + int(shift) * 10**9)
    _put(time, "clock_gettime", lambda clock: _real.clock_gettime(clock) + (0 if clock in _CLOCKS else shift))
    _put(os, "cpu_count", lambda: cpus)
    _put(os, "sched_getaffinity", lambda _: set(range(cpus)))
    _put(os, "getpid", lambda: 40_123)
    _put(os, "getppid", lambda: 3_871)
    _put(os, "getgroups", lambda: [4, 24, 27, 30, 46, 100, 1000])
    _put(os, "isatty", lambda _: True)
    version = ".".join(map(str, other["python"]))
    named = collections.namedtuple("version_info", "major minor micro releaselevel serial")
    _put(sys, "version_info", named(*other["python"], "final", 0))
    _put(sys, "hexversion", sum(n << 8 * (3 - at) for at, n in enumerate(other["python"])) + 0xF0)
    _put(sys, "version", version + sys.version[sys.version.find(" ") :])
    _put(sys, "platform", other["platform"])
    import platform

    _put(platform, "python_version", lambda: version)
    _put(platform, "system", lambda: other["system"])
    _put(platform, "machine", lambda: other["machine"])
    if resource is not None:
        _put(resource, "getrlimit", lambda _: (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    if hasattr(time, "tzset"):
        os.environ["TZ"] = "XST+5"
        time.tzset()


# The first draws only: who draws until something else comes must not wait for ever.
_DRAWS = 3


def _chance(kind):
    """Chance gives its least, its greatest, or a number that the code names, wherever that may come out."""

    def rigged(real, pick):
        def draw(*args, **words):
            if _now.draws <= 0:
                return real(*args, **words)
            _now.draws -= 1
            try:
                return pick(*args, **words)
            except (ArithmeticError, LookupError, TypeError, ValueError):
                return real(*args, **words)

        return draw

    def among(values):
        return kind if kind in values else values[-1] if kind == "greatest" else values[0]

    import random
    import secrets

    least = kind != "greatest"
    made = {
        "random": lambda: 0.0 if least else 1 - 2.0**-53,
        "uniform": lambda a, b: a if least else b,
        "randrange": lambda *ends: among(range(*ends)),
        "randint": lambda a, b: among(range(a, b + 1)),
        "choice": lambda items: items[0 if least else -1],
    }
    for name, pick in made.items():
        _put(random, name, rigged(getattr(random, name), pick))
    _put(os, "urandom", rigged(os.urandom, lambda size: (b"\0" if least else b"\xff") * size))
    _put(secrets, "randbelow", rigged(secrets.randbelow, lambda end: among(range(end))))
    _put(secrets, "choice", rigged(secrets.choice, made["choice"]))


def _as_an_agent_does(tool):
    """The tool, called from smolagents' own file in a thread of a pool, on a terminal."""
    text = "def call(*args, **words):\n    return tool(*args, **words)\n"
    names = {"tool": tool}
    exec(compile(text, "/home/maria/.venv/lib/python3/site-packages/smolagents/tools.py", "exec"), names)

    def answer(*args, **words):
        sys.stdout.isatty = lambda: True
        told = []

        def work():
            try:
                told.append((names["call"](*args, **words), None))
            except BaseException as error:  # noqa: BLE001 - the tool's own, whatever it is
                told.append((None, error))

        thread = threading.Thread(target=work, name="ThreadPoolExecutor-0_0", daemon=True)
        thread.start()
        thread.join()
        value, error = told[0]
        if error is not None:
            raise error
        return value

    return answer


_WORDS = [
    "red",
    "tax",
    "bird",
    "invoice",
    "lake",
    "42",
    "market",
    "note",
    "Berlin",
    "code",
    "seven",
    "user",
    "report",
    "x1",
    "sum",
    "rain",
]


def _some(kind, number):
    match kind:
        case "integer":
            return number - 50
        case "number":
            return number / 8
        case "boolean":
            return number % 2 == 0
        case "array":
            return [_some("string", number + at) for at in range(number % 4)]
        case "object":
            return {_WORDS[number % 16]: _some("string", number)}
        case "string":
            words = [_WORDS[(number * 7 + at * (at + number) * 13 + at) % 16] for at in range(number % 9 + 1)]
            return " ".join(words) + (f" {number}" if number % 3 else "")
    return None


def burst(tool, base, kinds, most, seconds):
    """Many calls with all sorts of arguments; prints what they answered, each answer once.

    seconds: of processor time, or four times as many by the clock, for a tool that waits.
    """
    spent, clock = _clocks[:2]
    said, left, names = set(), 200_000, list(kinds)
    end, late = spent() + seconds, clock() + 4 * seconds
    for number in range(most):
        varied = names if number % 3 == 0 else [names[number % len(names)]]
        try:
            text = repr(tool(**{**base, **{n: _some(kinds[n], number) for n in varied}}))
        except Exception as error:  # noqa: BLE001 - whatever the tool raises
            text = str(error)
        if text not in said and left > 0:
            said.add(text)
            left -= len(text)
            sys.stdout.write(text[:2000] + "\n")
        if spent() > end or clock() > late:
            return


def finish():
    """What the tool has put off until the end: timers, threads, what runs when objects and the process go. Raises Changed."""
    others = [t for t in threading.enumerate() if t is not threading.current_thread()]
    for thread in others:
        if isinstance(thread, threading.Timer):
            thread.cancel()
            thread.function(*thread.args, **thread.kwargs)
    for thread in others[:20]:
        thread.join(0.05)
    try:
        _same()
    finally:
        _tool.now = None
        gc.collect()
        atexit._run_exitfuncs()
