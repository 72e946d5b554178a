"""Files that lie beside the author's module: what the tool reads of them is published as constants.

smolagents fetches tool.py alone, so a file next to it would not be there. A read whose path the file itself says
becomes the bytes that stand there now, up to a bound; every other use of a place on disk stays refused.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass

from toolreg.bundle.arguments import is_secret, known, value_of
from toolreg.bundle.importing import imported_anywhere
from toolreg.bundle.project import Project
from toolreg.bundle.units import Source, root_name

LARGEST = 64 * 1024  # bytes of one file
_SAME = frozenset(
    {"resolve", "absolute", "abspath", "realpath", "normpath", "Path", "PurePath", "str", "fspath"}
)
_PLACES = ("os", "pathlib", "importlib", "importlib_resources", "pkgutil")
_UTF8 = frozenset({"utf-8", "utf8", "UTF-8", "utf_8", "U8", "ascii"})


@dataclass(frozen=True, slots=True)
class Data:
    """One read of a file. opened: a file object is wanted, not its content; text: decoded, with line ends as `\\n`."""

    node: ast.Call
    path: str
    text: bool
    opened: bool

    @property
    def name(self) -> str:
        """The name of its constant."""
        stem = re.sub(r"\W+", "_", os.path.basename(self.path)).strip("_").lower() or "file"
        return f"_data_{stem}" if self.text else f"_bytes_{stem}"

    def problem(self) -> str:
        """Why it cannot be published; "" if it can."""
        try:
            content = self.content()
        except OSError as error:
            return f"cannot be read: {error.strerror}"
        except UnicodeDecodeError:
            return "is not UTF-8"
        if len(content) > LARGEST:
            return f"is larger than {LARGEST:,} bytes; let the tool take it as an argument"
        if os.path.basename(self.path).startswith(".") or is_secret("", content):
            return "looks like a secret, and would be published"
        return ""

    def content(self) -> str | bytes:
        with open(self.path, "rb") as file:
            data = file.read(LARGEST + 1)
        return data.decode().replace("\r\n", "\n").replace("\r", "\n") if self.text else data

    def constant(self, name: str) -> str:
        """The statement that binds its content."""
        content = self.content()
        if isinstance(content, bytes) or content.count("\n") < 2:
            return f"{name} = {content!r}\n"
        return (
            f"{name} = (\n" + "".join(f"    {line!r}\n" for line in content.splitlines(keepends=True)) + ")\n"
        )

    def replacement(self, name: str) -> str:
        """What stands in place of the read."""
        kind = "StringIO" if self.text else "BytesIO"
        return f"_io.{kind}({name})" if self.opened else name


def reads(project: Project, source: Source, statement: ast.stmt) -> Iterator[Data]:
    """The reads of files beside the author's modules in a statement."""
    if not os.path.isfile(source.path):
        return
    places = _Places(project, source, statement)
    for node in ast.walk(statement):
        if isinstance(node, ast.Call):
            found = places.read(node)
            if found is not None and _inside(project, found.path) and _stands_there(source, node):
                yield found


def _stands_there(source: Source, node: ast.Call) -> bool:
    """False in an f-string, where Python 3.11 tells wrong columns."""
    try:
        return ast.dump(ast.parse(source.text.segment(node), mode="eval").body) == ast.dump(node)
    except (SyntaxError, ValueError):
        return False


def _inside(project: Project, path: str) -> bool:
    root = os.path.realpath(project.package_root[0] if project.package_root[1] else project.folder)
    return os.path.realpath(path).startswith(root + os.sep) and os.path.isfile(path)


@dataclass(frozen=True, slots=True)
class _Places:
    """Expressions that name a place on disk."""

    project: Project
    source: Source
    statement: ast.stmt

    def read(self, call: ast.Call) -> Data | None:
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if any(k.arg not in ("encoding", "mode") for k in call.keywords) or not self._plain(call):
            return None
        if (
            name in ("get_data", "read_text", "read_binary")
            and len(call.args) == 2
            and self._known(call.func)
        ):
            folder, file = self._package(call.args[0], name == "get_data"), self._text(call.args[1])
            path = os.path.join(folder, file) if folder and file else None
            return Data(call, path, name == "read_text", False) if path else None
        utf8 = [self._text(a) in _UTF8 for a in call.args] in ([], [True])
        if name in ("read_text", "read_bytes") and isinstance(call.func, ast.Attribute) and utf8:
            path = self.place(call.func.value)
            return Data(call, path, name == "read_text", False) if path else None
        if name == "open":
            where = (
                call.func.value
                if isinstance(call.func, ast.Attribute)
                else call.args[0]
                if call.args
                else None
            )
            modes = call.args if isinstance(call.func, ast.Attribute) else call.args[1:]
            mode = self._mode(modes, call)
            path = self.place(where) if where is not None and mode is not None else None
            return Data(call, path, mode == "text", True) if path else None
        return None

    def _plain(self, call: ast.Call) -> bool:
        told = [self._text(k.value) for k in call.keywords if k.arg == "encoding"]
        return all(t in _UTF8 for t in told)

    def _mode(self, modes: list[ast.expr], call: ast.Call) -> str | None:
        given = [*modes, *(k.value for k in call.keywords if k.arg == "mode")]
        mode = self._text(given[0]) if len(given) == 1 else "r" if not given else None
        return {"r": "text", "rt": "text", "rb": "bytes", "br": "bytes"}.get(mode or "")

    def place(self, node: ast.expr, depth: int = 0) -> str | None:
        """The absolute path that an expression gives; None where it is none of the author's."""
        if depth > 30:
            return None
        match node:
            case ast.Name(id="__file__"):
                return os.path.realpath(self.source.path)
            case ast.Name(id=name):
                value = value_of(self.source, name)
                return self.place(value, depth + 1) if value is not None else None
            case ast.Attribute(value=value, attr="parent"):
                return _above(self.place(value, depth + 1))
            case ast.Subscript(
                value=ast.Attribute(value=value, attr="parents"), slice=ast.Constant(value=int(n))
            ):
                path = self.place(value, depth + 1)
                for _ in range(n + 1):
                    path = _above(path)
                return path
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return self._joined(self.place(left, depth + 1), [right])
            case ast.Call():
                return self._called(node, depth + 1)
        return None

    def _called(self, call: ast.Call, depth: int) -> str | None:
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if call.keywords:
            return None
        if name == "files" and call.args and self._known(call.func):
            return self._package(call.args[0], False)
        if isinstance(call.func, ast.Attribute) and name in (*_SAME, "joinpath", "with_name"):
            path = self.place(call.func.value, depth)
            if path is not None:
                return self._joined(_above(path) if name == "with_name" else path, call.args)
        if name in (*_SAME, "dirname", "join") and call.args and (name == "str" or self._known(call.func)):
            path = self.place(call.args[0], depth)
            return _above(path) if name == "dirname" else self._joined(path, call.args[1:])
        return None

    def _joined(self, path: str | None, parts: list[ast.expr]) -> str | None:
        told = [self._text(part) for part in parts]
        return (
            os.path.normpath(os.path.join(path, *(t or "" for t in told)))
            if path and None not in told
            else None
        )

    def _package(self, node: ast.expr, modules: bool) -> str | None:
        """The folder of the package that `files(…)` or `get_data(…)` names."""
        own = ("__name__", "__package__") if modules else ("__package__",)
        if isinstance(node, ast.Name) and node.id in own:
            return os.path.dirname(os.path.realpath(self.source.path))
        dotted = self._text(node)
        path = self.project.find(dotted) if dotted and self.project.is_own(dotted) else None
        return os.path.dirname(os.path.realpath(path)) if path else None

    def _known(self, function: ast.expr) -> bool:
        return imported_anywhere(self.source, self.statement, root_name(function) or "") in _PLACES

    def _text(self, node: ast.expr) -> str | None:
        value = known(self.source, node)
        return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None


def _above(path: str | None) -> str | None:
    return os.path.dirname(path) if path else None
