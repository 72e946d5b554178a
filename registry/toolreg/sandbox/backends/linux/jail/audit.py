"""Python's own account of what the tool did: native code, code made at run time, programs by name.

The tool could silence it, so it only adds what no system call shows. Only what the tool's own file does
directly counts: libraries do the like for their own ends.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_MOST = 200
_MADE_CODE = ("exec", "compile", "pickle.find_class", "marshal.loads", "marshal.load", "code.__new__")
_NATIVE_MODULES = ("ctypes", "cffi", "_cffi_backend", "_ctypes")
_NATIVE = ("ctypes.dlopen",)
_STANDARD = ("/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/sbin", "/sbin")


class Account:
    """What was noticed: `kind:target` pairs, each once."""

    def __init__(self, file: str) -> None:
        self._file = file
        self.seen: dict[tuple[str, str], None] = {}

    def open(self) -> None:
        """Listen from now on; a hook cannot be taken away again."""
        sys.addaudithook(self._notice)

    def _notice(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in _MADE_CODE:
            if self._by_tool():
                self._note("code", "*")
        elif event == "import":
            name = str(arguments[0]).partition(".")[0]
            if name in _NATIVE_MODULES and self._by_tool():
                self._note("native", name.lstrip("_"))
        elif event in _NATIVE and self._by_tool():
            self._note("native", "ctypes")
        elif event in _PROGRAMS:
            self._note("run", _program(event, arguments))

    def _by_tool(self) -> bool:
        """True if the tool's file, or code that it made, is the direct cause."""
        name = sys._getframe(2).f_code.co_filename
        return name == self._file or name == "<string>"

    def _note(self, kind: str, target: str) -> None:
        if len(self.seen) < _MOST:
            self.seen[(kind, target)] = None


_PROGRAMS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn")


def _program(event: str, arguments: tuple[Any, ...]) -> str:
    if event == "os.system":
        return "sh"
    first = arguments[0]
    if (
        event == "subprocess.Popen"
        and len(arguments) > 1
        and isinstance(arguments[1], (list, tuple))
        and arguments[1]
    ):
        first = first or arguments[1][0]
    path = os.fsdecode(first) if isinstance(first, (str, bytes, os.PathLike)) else str(first)
    folder, name = os.path.split(path)
    return name if folder in _STANDARD else path
