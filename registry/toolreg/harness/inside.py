"""What runs beside the tool in a staged case: another clock, another user, other values, planted files.

Its text is sent into the sandbox, where it is the first thing that runs; nothing imports it here. It only adds to
what the kernel sees: a tool that looks for it can find it. It reaches Python's own `time`, `datetime`, `os`, `pwd`
and `socket`; C code that asks the kernel, and times of files, show the real clock and the sandbox's own user.
"""
# mypy: ignore-errors
# ruff: noqa: F821 - what stands in `inside_more`

from __future__ import annotations

import datetime
import gc
import json
import os
import sys
import time
import types

try:
    import ctypes
    import pwd
    import socket
except ImportError:  # WebAssembly has no users, no host name and no native code to ask for them
    ctypes = pwd = socket = None

_real = types.SimpleNamespace(
    time=time.time, time_ns=time.time_ns, clock_gettime=time.clock_gettime, clock_gettime_ns=time.clock_gettime_ns,
    localtime=time.localtime, gmtime=time.gmtime, ctime=time.ctime, strftime=time.strftime, asctime=time.asctime,
    getuid=getattr(os, "getuid", None), uname=getattr(os, "uname", None), getpwuid=pwd and pwd.getpwuid, environ=dict(os.environ), json=json.dumps, write=os.write,
)  # fmt: skip
_CLOCKS = {getattr(time, name, None) for name in ("CLOCK_REALTIME", "CLOCK_TAI")} - {None}
_now = types.SimpleNamespace(shift=0.0, user="", uid=0, host="", draws=0)
_tool = types.SimpleNamespace(now=None, shape="", first="")
_put_back = []


class Changed(Exception):
    """The tool is another one than it was."""


def _time():
    return _real.time() + _now.shift


def _clock_gettime(clock):
    return _real.clock_gettime(clock) + (_now.shift if clock in _CLOCKS else 0)


def _clock_gettime_ns(clock):
    return _real.clock_gettime_ns(clock) + (int(_now.shift) * 10**9 if clock in _CLOCKS else 0)


def _localtime(seconds=None):
    return _real.localtime(_time() if seconds is None else seconds)


def _gmtime(seconds=None):
    return _real.gmtime(_time() if seconds is None else seconds)


def _ctime(seconds=None):
    return _real.ctime(_time() if seconds is None else seconds)


def _strftime(form, moment=None):
    return _real.strftime(form, _localtime() if moment is None else moment)


def _asctime(moment=None):
    return _real.asctime(_localtime() if moment is None else moment)


def _datetime_now(cls, tz=None):
    return cls.fromtimestamp(_time(), tz)


def _datetime_utcnow(cls):
    return cls.fromtimestamp(_time(), datetime.timezone.utc).replace(tzinfo=None)  # noqa: UP017 - 3.10


def _uname():
    kernel = _real.uname()
    return os.uname_result((kernel[0], _now.host, *kernel[2:])) if _now.host else kernel


def _getpwuid(uid):
    if not _now.user or uid != _now.uid:
        return _real.getpwuid(uid)
    home = os.environ.get("HOME", "/")
    return pwd.struct_passwd((_now.user, "x", uid, uid, _now.user, home, "/bin/bash"))


def _uid():
    return _now.uid if _now.user else _real.getuid()


def _hostname():
    return _uname()[1]


def prepare(home):
    """Put the stand-ins in place, and write files into the home folder: {path below it: text}."""
    time.time, time.time_ns = _time, lambda: _real.time_ns() + int(_now.shift) * 10**9
    time.clock_gettime, time.clock_gettime_ns = _clock_gettime, _clock_gettime_ns
    time.localtime, time.gmtime, time.ctime = _localtime, _gmtime, _ctime
    time.strftime, time.asctime = _strftime, _asctime
    # The very class, not another in its place: `isinstance` and what was imported before go on to work.
    members = gc.get_referents(datetime.datetime.__dict__)[0]
    members["now"], members["utcnow"] = classmethod(_datetime_now), classmethod(_datetime_utcnow)
    if ctypes is None:
        sys._clear_type_cache()
    else:
        ctypes.pythonapi.PyType_Modified(ctypes.py_object(datetime.datetime))
        os.uname, socket.gethostname, pwd.getpwuid = _uname, _hostname, _getpwuid
        os.getuid = os.geteuid = os.getgid = os.getegid = _uid
        os.getlogin = lambda: _getpwuid(_uid())[0]
    for path, text in home.items():
        place = os.path.join(os.environ["HOME"], path)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "w", encoding="utf-8") as file:
            file.write(text)


_PROGRAMS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn")
_NAMES = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")


def listen(mark):
    """Tell on standard error what no record of system calls shows: programs' arguments, names that were looked up."""

    def notice(event, arguments):
        if event in _PROGRAMS or event in _NAMES:
            parts = arguments[:2] if event in _PROGRAMS else arguments[:1]
            told = _real.json([event, *(str(each)[:4000] for each in parts)])
            _real.write(2, f"\x1e{mark}{told}\x1e\n".encode("utf-8", "replace"))

    sys.addaudithook(notice)


def enter(scene, code, entry, names, name):
    """Set the stage, and load the tool there as if for the first time. code: compiled. Raises Changed."""
    _same()
    while _put_back:
        setattr(*_put_back.pop())
    _now.shift = scene["clock"] - _real.time() if "clock" in scene else 0.0
    _now.user, _now.uid, _now.host = scene.get("user", ""), scene.get("uid", 0), scene.get("host", "")
    os.environ.clear()
    os.environ.update(_real.environ)
    for key, value in scene.get("env", {}).items():
        os.environ.pop(key, None)
        if value is not None:
            os.environ[key] = value
    platform = sys.modules.get("platform")
    if platform is not None:
        forget = getattr(platform.uname, "cache_clear", lambda: setattr(platform, "_uname_cache", None))
        forget()
    if hasattr(time, "tzset"):
        time.tzset()
    if "machine" in scene:
        _machine(scene["machine"])
    if "chance" in scene:
        _now.draws = _DRAWS
        _chance(scene["chance"])
    names[name] = _loaded(code, entry, "machine" in scene)
    _tool.shape = _shape(_tool.now)
    _tool.first = _tool.first or _tool.shape
    _compare(_tool.first, _tool.shape)


def _loaded(code, entry, elsewhere):
    module = types.ModuleType("agent_tools" if elsewhere else "tool")
    module.__file__ = "/home/maria/agents/agent_tools.py" if elsewhere else "tool.py"
    sys.modules[module.__name__] = module
    exec(code, module.__dict__)
    found = getattr(module, entry)
    _tool.now = found() if isinstance(found, type) else found
    return _as_an_agent_does(_tool.now) if elsewhere and pwd is not None else _tool.now


def _shape(tool):
    """What a model is told of the tool, and what it calls."""
    told = {each: getattr(tool, each, None) for each in ("name", "description", "inputs", "output_type")}
    codes = [getattr(getattr(place, "forward", None), "__code__", None) for place in (tool, type(tool))]
    return {
        **{k: _real.json(v, sort_keys=True, default=str) for k, v in told.items()},
        "code": [c and c.co_code for c in codes],
    }


def _same():
    if _tool.now is not None:
        _compare(_tool.shape, _shape(_tool.now))


def _compare(before, after):
    _tool.now = _tool.now if before == after else None
    changed = [each for each in before if before[each] != after[each]]
    if changed:
        raise Changed(f"changes its own {' and '.join(changed)} while it runs")
