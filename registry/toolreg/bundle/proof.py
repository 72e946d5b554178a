"""The proof that the published form is the source: both are loaded by the real smolagents, apart, and compared."""

from __future__ import annotations

import ast
import difflib
import hashlib
import json
import marshal
import os
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from typing import Any

from toolreg.bundle.constructor import construction_call
from toolreg.bundle.lift import lifted
from toolreg.bundle.model import Bundle
from toolreg.bundle.project import Project
from toolreg.bundle.units import Source
from toolreg.contract import ToolSource
from toolreg.errors import BundleError, HarnessError
from toolreg.sandbox import JSON, CallTool, Killed, Policy, Raised, Returned, Sandbox

# Sends one side to a fresh child and gives its answer; the JSON of `proof_child.probe`.
Runner = Callable[[Mapping[str, JSON]], Mapping[str, Any]]


_MOST_KEPT = 256
_UNLOADABLE: dict[str, Mapping[str, Any]] = {}  # by the content of a module and of what it imports
OTHER = "saved again, it gives another result"  # as the child says it


@dataclass(frozen=True, slots=True)
class Case:
    """One call of a proof: keyword arguments, or Python source that ends in an expression."""

    arguments: Mapping[str, JSON] | None = None
    source: str = ""

    def wire(self) -> dict[str, JSON]:
        return {"source": self.source} if self.arguments is None else {"arguments": dict(self.arguments)}


@dataclass(frozen=True, slots=True)
class Proof:
    """What was shown equal.

    cases: how many calls gave the same on both sides. stock: why smolagents does not take the source as it is
    ("" if it does). second_pass: why smolagents cannot save the loaded tool again ("" if it can).
    """

    cases: int
    definition: Mapping[str, Any]
    stock: str = ""
    second_pass: str = ""


def prove(
    tool: ToolSource,
    bundle: Bundle,
    run: Runner | None = None,
    *,
    cases: Sequence[Case] | None = None,
    stubs: Sequence[str] = (),
    given: Mapping[str, str] | None = None,
    apart: bool = True,
) -> Proof:
    """Load source and published form with stock smolagents, each in a clean child, and compare them.

    run: where a child runs; None is this machine's sandbox without any grant. cases: None takes the docstring's
    examples. stubs: packages to replace on both sides. given: constructor arguments, as Python literals; one that is
    needed and not given gets a stand-in. apart: each side in a child of its own; else one child loads the published
    form and then the source, and only what that finds different is loaded apart.
    Raises BundleError with the difference as a diff; HarnessError if a child did not answer.
    """
    given = {**dict.fromkeys(bundle.needs, ""), **(given or {})}
    told = tuple(cases if cases is not None else [Case(source=e.source) for e in tool.docstring.examples])
    common: dict[str, JSON] = {
        "name": tool.name, "cases": [c.wire() for c in told], "stubs": list(stubs), "given": dict(given),
    }  # fmt: skip
    ask = run or in_sandbox()
    source = {**common, **source_side(tool, given), "data": data_files(tool, bundle)}
    published = {**common, **bundle_side(bundle, stubs)}
    if apart:
        return compared(tool, ask(source), ask(published), len(told))
    return _together(tool, ask, source, published, len(told))


def _together(
    tool: ToolSource, ask: Runner, source: Mapping[str, JSON], published: Mapping[str, JSON], cases: int
) -> Proof:
    """Both sides in one child, the published form first; where they differ, the source again in a child of its own.

    A module that cannot be imported is asked once for all of its tools.
    """
    key = hashlib.sha256(json.dumps([source["module"], source["files"]]).encode()).hexdigest()
    if key in _UNLOADABLE:
        return compared(tool, _UNLOADABLE[key], {}, cases)
    both = ask({"mine": published, "theirs": source})
    with suppress(BundleError):
        return compared(tool, both.get("theirs") or both, both.get("mine") or both, cases)
    theirs = ask(source)
    if theirs.get("unloadable"):
        while len(_UNLOADABLE) >= _MOST_KEPT:
            _UNLOADABLE.pop(next(iter(_UNLOADABLE)))
        _UNLOADABLE[key] = theirs
    return compared(tool, theirs, both.get("mine") or ask(published), cases)


def source_side(tool: ToolSource, given: Mapping[str, str]) -> dict[str, JSON]:
    """What the child needs to import the author's module and find the tool in it."""
    name, files = author_files(tool)
    if tool.nested:
        target = f"_inside({lifted(tool).call!r}, {tool.node.name!r})"
    else:
        target = construction_call(tool, given) if tool.form == "class" else tool.node.name
    return {"side": "source", "module": name, "files": files, "target": target}


def data_files(tool: ToolSource, bundle: Bundle) -> dict[str, JSON]:
    """The author's data files by their place below the folder that holds the tool's module or package, in base64."""
    project = Project(Source(tool.module, "main", tool.node))
    root = project.package_root[0] if project.package_root[1] else project.folder
    return {os.path.relpath(p, root): b64encode(Path(p).read_bytes()).decode() for p in bundle.data}


def bundle_side(bundle: Bundle, stubs: Sequence[str] = ()) -> dict[str, JSON]:
    allowed = sorted({top for r in bundle.requirements for top in r.imports} | set(stubs))
    return {"side": "bundle", "code": bundle.code.decode(), "allowed": list(allowed)}


def author_files(tool: ToolSource) -> tuple[str, dict[str, JSON]]:
    """(name of the tool's module, module name → file) of the author's code, as the tool's file imports it."""
    project = Project(Source(tool.module, "main", tool.node))
    path = os.path.realpath(tool.path)
    root, package = project.package_root if os.path.isfile(path) else ("", "")
    if not package:
        name = os.path.splitext(os.path.basename(tool.path))[0]
        name = name if name.isidentifier() else "author_module"
        return name, {name: {"code": tool.module.text, "package": False}, **_siblings(project)}
    name = os.path.splitext(os.path.relpath(path, root))[0].replace(os.sep, ".").removesuffix(".__init__")
    files = _package_files(os.path.join(root, package), root)
    files[name] = {"code": tool.module.text, "package": path.endswith("__init__.py")}
    return name, files


def _siblings(project: Project) -> dict[str, JSON]:
    files: dict[str, JSON] = {}
    for root in project.roots if os.path.isfile(project.main.path) else ():
        for name in sorted({t for n in ast.walk(project.main.module.tree) for t in _tops(n)}):
            if project.is_own(name) and os.path.isdir(os.path.join(root, name)):
                files |= _package_files(os.path.join(root, name), root)
            elif os.path.isfile(os.path.join(root, name + ".py")):
                files |= _python_files(root)
    return files


def _tops(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Import):
        return {a.name.split(".")[0] for a in node.names}
    return (
        {(node.module or "").split(".")[0]} if isinstance(node, ast.ImportFrom) and not node.level else set()
    )


def _python_files(folder: str) -> dict[str, JSON]:
    names = [n for n in sorted(os.listdir(folder)) if n.endswith(".py") and n[:-3].isidentifier()]
    return {
        n[:-3]: {"code": text, "package": False}
        for n in names
        if (text := _text(os.path.join(folder, n))) is not None
    }


def _package_files(package: str, root: str) -> dict[str, JSON]:
    files: dict[str, JSON] = {}
    for folder, folders, names in os.walk(package):
        folders[:] = sorted(f for f in folders if f.isidentifier() and f != "__pycache__")
        dotted = os.path.relpath(folder, root).replace(os.sep, ".")
        files.setdefault(dotted, {"code": "", "package": True})
        for name in sorted(n for n in names if n.endswith(".py")):
            text = _text(os.path.join(folder, name))
            if text is None:
                continue
            if name == "__init__.py":
                files[dotted] = {"code": text, "package": True}
            else:
                files[f"{dotted}.{name[:-3]}"] = {"code": text, "package": False}
    return files


def _text(path: str) -> str | None:
    try:
        with open(path, encoding="utf-8-sig") as file:
            return file.read()
    except (OSError, UnicodeDecodeError):
        return None


def compared(tool: ToolSource, theirs: Mapping[str, Any], mine: Mapping[str, Any], cases: int) -> Proof:
    """The proof, or the BundleError that says where the two sides differ."""
    for side, answer in (("the source", theirs), ("the published form", mine)):
        if answer.get("error"):
            raise _differs(tool, f"{side} does not load: {answer['error']}", "")
    wanted = theirs["definition"]
    if not theirs["stock"] and wanted != mine["definition"]:
        raise _differs(tool, "the published definition is another one", diff(wanted, mine["definition"]))
    for number, (one, other) in enumerate(zip(theirs["results"], mine["results"], strict=True), start=1):
        if one != other:
            raise _differs(tool, f"case {number} of {cases} gives another result", diff(one, other))
    if mine.get("kwargs_error"):
        raise _differs(tool, f"load_tool would fail: {mine['kwargs_error']}", "")
    if mine["second_pass"] == OTHER:
        raise _differs(tool, "what smolagents saves of the loaded tool gives another result", "")
    return Proof(cases, mine["definition"], theirs["stock"], mine["second_pass"])


def diff(source: Any, published: Any) -> str:
    """A unified diff of two JSON values."""
    one, other = (
        json.dumps(v, indent=2, ensure_ascii=False, sort_keys=True).splitlines() for v in (source, published)
    )
    return "\n".join(difflib.unified_diff(one, other, "source", "published", lineterm=""))


def _differs(tool: ToolSource, message: str, difference: str) -> BundleError:
    reason = f"{message}\n{difference}" if difference else message
    return BundleError(
        f"'{tool.name}': {message}", reasons=[(tool.line, reason)], path=tool.path, line=tool.line,
        hint="see the difference, and mend the source",
    )  # fmt: skip


def in_sandbox(sandbox: Sandbox | None = None, policy: Policy | None = None) -> Runner:
    """A runner whose children are sandboxed calls under a policy; without one they are granted nothing."""
    code = child_code()

    def run(request: Mapping[str, JSON]) -> Mapping[str, Any]:
        call = (
            CallTool("probe_both", dict(request))
            if "mine" in request
            else CallTool("probe", {"request": dict(request)})
        )
        if sandbox is not None:
            return _answer(sandbox.call(code, call, policy or Policy()).outcome)
        with Sandbox() as own:
            return _answer(own.call(code, call, policy or Policy()).outcome)

    return run


_COMPILED = """\
from smolagents import Tool, tools  # this line makes the sandbox give the real package
import _frozen_importlib_external, marshal

if _frozen_importlib_external.MAGIC_NUMBER == {magic!r}:
    exec(marshal.loads({compiled!r}))
else:
    exec({text!r})
"""


@cache
def child_code() -> bytes:
    """The program that runs in a proof's child: compiled here, for a child of the same Python."""
    folder = resources.files("toolreg.bundle")
    *_, more = folder.joinpath("proof_inside.py").read_bytes().partition(b"annotations\n")
    text = folder.joinpath("proof_child.py").read_bytes() + more
    compiled = marshal.dumps(compile(text, "<proof>", "exec", dont_inherit=True))
    return _COMPILED.format(magic=MAGIC_NUMBER, compiled=compiled, text=text.decode()).encode()


def _answer(outcome: object) -> Mapping[str, Any]:
    match outcome:
        case Returned(value=dict() as value):
            return value
        case Raised(type=kind, message=message):
            return {"error": f"{kind}: {message}"}
        case Killed(reason=reason):
            return {"error": f"killed: {reason}"}
    raise HarnessError("the proof's child gave no answer", hint="run it again with --debug")
