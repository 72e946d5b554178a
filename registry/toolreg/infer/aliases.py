"""Attributes of modules that are no API of theirs: other modules that they import, and constants."""

from __future__ import annotations

from toolreg.infer.catalogue import STDLIB
from toolreg.infer.values import DATA, Value, const, hole, text


def is_alias(module: str, name: str) -> bool:
    """A module of the standard library hands on another that it imports: `json.codecs`, `random._os`."""
    bare = name[1:] if name.startswith("_") else name
    if bare not in STDLIB or module not in STDLIB:
        return False
    return (
        bare not in (module, module[1:], "abc", "types", "path", "datetime", "parser")
        and f"{module}.{bare}" not in OWN_MODULES
        and module
        not in ("multiprocessing", "asyncio", "email", "xml", "concurrent", "toolreg", "encodings", "curses")
    )


# Modules that others import and so hand on: `shutil.os.system`.
SHARED = frozenset(
    ("os", "sys", "subprocess", "builtins", "importlib", "socket", "shutil", "ctypes", "pickle")
)
# Functions, classes and packages of their own under the name of another module.
OWN_MODULES = frozenset(
    (
        "asyncio.subprocess", "aiofiles.os", "socket.socket", "_socket.socket", "gevent.socket", "ssl.socket",
        "ast.keyword", "ast.operator", "cgitb.html", "collections.abc", "copyreg.pickle", "datetime.time",
        "inspect.trace", "locale.gettext", "optparse.gettext", "os.stat", "posix.stat", "pickletools.dis", "pty.select",
        "pydoc.html", "shutil.copy", "site.venv", "sys.platform", "unicodedata.decimal",
    )
)  # fmt: skip
CONSTANTS: dict[str, Value] = {
    "sys.executable": const("python"),
    "os.sep": const("/"),
    "os.path.sep": const("/"),
    "os.linesep": const("\n"),
    "os.devnull": const("/dev/null"),
    "os.curdir": const("."),
    "sys.argv": DATA,
    "sys.stdout": DATA,
    "sys.stderr": DATA,
    "sys.stdin": DATA,
    "sys.platform": DATA,
    "tempfile.tempdir": text(("/tmp/", hole("is a temporary name", role="temp"))),
    "typing.TYPE_CHECKING": const(False),
}
