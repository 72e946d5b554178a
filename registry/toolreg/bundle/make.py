"""From a tool's source to its published form: tool.py and requirements.txt."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable
from dataclasses import dataclass

from toolreg.bundle.again import COMMENT, CannotSaveAgain, second_pass
from toolreg.bundle.bases import method
from toolreg.bundle.constructor import Construction, construction
from toolreg.bundle.definition import Definition, define
from toolreg.bundle.emit import HEADER, Emitter
from toolreg.bundle.entry import class_name, class_text, first_alias, tool_classes, without_docstring
from toolreg.bundle.fields import TYPING
from toolreg.bundle.hints import Hints
from toolreg.bundle.lift import CannotLift, Lifted, lifted
from toolreg.bundle.model import Bundle, Note
from toolreg.bundle.naming import Naming
from toolreg.bundle.project import Project
from toolreg.bundle.reach import Reach
from toolreg.bundle.requirements import requirements_of, requirements_text
from toolreg.bundle.resolve import Names
from toolreg.bundle.text import Edit
from toolreg.bundle.told import plain_code
from toolreg.bundle.units import Source, Unit
from toolreg.contract import ToolSource, parse_module
from toolreg.contract.source import tool_decorators
from toolreg.contract.walk import nodes_of
from toolreg.errors import BundleError, SourceError

Reasons = list[tuple[int, str]]


def bundle(tool: ToolSource, *, savable: bool = True) -> Bundle:
    """The published form of a tool: the same source gives the same bytes. Raises BundleError with every reason.

    savable: add the lines by which smolagents can save the loaded tool again; who only reads goes without.
    """
    tool = _untold(tool)
    try:
        raised = lifted(tool)
    except CannotLift as error:
        raise _refused(tool, [error.reason]) from error
    tool = raised.tool
    reach, unit = _reached(raised)
    main = reach.project.main
    definition, reasons = _definition(tool, reach, main)
    built = _construction(tool, reach, main)
    reach.reasons += [*reasons, *built.reasons]
    writer = _Writer(tool, main, unit, reach, Naming(reach), definition, built, savable)
    code, entry = writer.write() if not reach.reasons else ("", "")
    if reach.reasons:
        raise _refused(tool, reach.reasons)
    requirements, missing = requirements_of(code, provided=reach.provided)
    if missing:
        raise _refused(tool, _import_reasons(missing, reach))
    files = {"tool.py": code.encode(), "requirements.txt": requirements_text(requirements)}
    return Bundle(
        tool.name, entry, files, requirements, _notes(tool, reach, built), tuple(s.path for s in reach.order),
        built.needs, tuple(sorted({d.path for d in reach.data.values()})),
    )  # fmt: skip


def _reached(raised: Lifted) -> tuple[Reach, Unit]:
    """What the tool reaches, and its own statement. Raises BundleError where a file cannot be read."""
    tool = raised.tool
    main = Source(tool.module, "main", tool.node, raised.unknown)
    unit = next((u for u in main.units if u.node is tool.node), None)
    if unit is None:
        text = "defined inside a block that is not read; move it to the top of the file"
        raise _refused(tool, [(tool.line, text)])
    reach = Reach(Project(main))
    reach.notes += raised.notes
    reach.reasons += _shape_reasons(tool)
    try:
        reach.start(main, unit)
    except SourceError as error:  # another of the author's files
        raise _refused(tool, [*reach.reasons, (error.line, str(error))]) from error
    return reach, unit


def _construction(tool: ToolSource, reach: Reach, main: Source) -> Construction:
    """How a class is built; nothing to say of a function."""
    if not isinstance(tool.node, ast.ClassDef):
        return Construction()
    if tool.call is None and method(reach, main, tool.node, "forward") is None:
        reach.reasons.append((tool.line, "no forward method"))
    return construction(tool, main, method(reach, main, tool.node, "__init__"))


def _notes(tool: ToolSource, reach: Reach, built: Construction) -> tuple[Note, ...]:
    """What the author should know of a bundle, with the line."""
    told = [Note(line, text) for line, text in (*reach.notes, *built.notes)]
    told += [
        Note(d.node.lineno, f"published as a constant: {os.path.basename(d.path)}")
        for d in reach.data.values()
    ]
    told += [
        Note(tool.line, f"whoever loads it gives the constructor argument '{name}'") for name in built.needs
    ]
    return tuple(told)


def _untold(tool: ToolSource) -> ToolSource:
    """A published file is bundled again without the second telling that it ends with."""
    if COMMENT not in tool.module.text:
        return tool
    try:
        code = plain_code(tool.module.text, tool.node.name)
    except BundleError as error:
        raise _refused(tool, error.reasons) from error
    return parse_module(tool.path, code.encode()).tool(tool.node.name)


def _refused(tool: ToolSource, reasons: Iterable[tuple[int, str]]) -> BundleError:
    ordered = sorted(set(reasons))
    more = f" (and {len(ordered) - 1} more)" if len(ordered) > 1 else ""
    return BundleError(
        f"'{tool.name}' cannot be made self-contained: {ordered[0][1]}{more}",
        reasons=ordered, hint="mend the lines named, then build again", path=tool.path, line=ordered[0][0],
    )  # fmt: skip


def _shape_reasons(tool: ToolSource) -> Reasons:
    """What smolagents' loader can never take, whatever the code does."""
    reasons: Reasons = []
    if not isinstance(tool.node, ast.ClassDef):
        marks = tool_decorators(tool)
        above = [d for d in tool.node.decorator_list if d.lineno < marks[0].lineno and d not in marks]
        reasons += [
            (d.lineno, "a decorator above @tool changes the Tool object; put @tool on top") for d in above
        ]
        if len(marks) > 1:
            reasons.append((marks[1].lineno, "two @tool decorators"))
    else:
        prop = tool.method("inputs")
        if prop is not None:
            reasons.append(
                (
                    prop.lineno,
                    "`inputs` is a property; smolagents reads it from the class when it loads a tool",
                )
            )
    return reasons


def _definition(tool: ToolSource, reach: Reach, main: Source) -> tuple[Definition | None, Reasons]:
    if tool.form == "class":
        return None, []
    return define(tool, Hints(Names(reach, main)))


def _import_reasons(missing: Iterable[tuple[str, int]], reach: Reach) -> Reasons:
    """Imports that no distribution is known for, with the line of the source where each stands."""
    reasons: Reasons = []
    for name, _ in missing:
        found = [
            (s, line) for s in reach.order for n in ast.walk(s.module.tree) if (line := _import_line(n, name))
        ]
        source, line = found[0] if found else (reach.project.main, 0)
        place = "" if source is reach.project.main else f"{source.path}: "
        reasons.append(
            (
                line,
                f"{place}import '{name}': no installed distribution provides it and none is known by that name",
            )
        )
    return reasons


def _import_line(node: ast.AST, top: str) -> int:
    """The line of an import of that top-level module; 0 for anything else."""
    if isinstance(node, ast.Import):
        return node.lineno if top in {a.name.split(".")[0] for a in node.names} else 0
    if isinstance(node, ast.ImportFrom) and not node.level:
        return node.lineno if (node.module or "").split(".")[0] == top else 0
    return 0


@dataclass(eq=False)
class _Writer:
    """Puts tool.py together."""

    tool: ToolSource
    main: Source
    unit: Unit
    reach: Reach
    naming: Naming
    definition: Definition | None
    built: Construction
    savable: bool

    def write(self) -> tuple[str, str]:
        edits: dict[Unit, list[Edit]] = {self.unit: list(self.built.edits)}
        if self.definition is not None:
            edits[self.unit] += without_docstring(self.tool, self.main, self.unit)
        imports, code = Emitter(self.reach, self.naming, edits).imports_and_code()
        entry = self.naming.final(self.main, self.tool.node.name)
        tail = []
        if self.definition is not None:
            base = self._import_tool(imports)
            function, entry = entry, self._class_name()
            tail.append(class_text(self.tool, self.main, self.definition, entry, base, function))
            if self._used_as_tool():
                tail.append(f"{function} = {entry}()\n")
        elif self.built.tail:
            code = self._with_tail(code)
        needed = ["import types\n"] if self.reach.attributes else []
        needed += [f"import typing as {TYPING}\n"] if any(f"{TYPING}." in text for text in code) else []
        needed += ["import io as _io\n"] if any(d.opened for d in self.reach.data.values()) else []
        imports[:0] = [line for line in needed if line not in imports]
        text = self._loadable(self._join(imports, code, tail), entry)
        return self._saved_again(text, entry) if self.savable else text, entry

    def _saved_again(self, text: str, entry: str) -> str:
        try:
            return text + second_pass(text, entry)
        except CannotSaveAgain as reason:
            self.reach.notes.append(
                (self.tool.line, f"smolagents cannot save the loaded tool again: {reason}")
            )
            return text

    def _class_name(self) -> str:
        wanted = class_name(self.tool.name)
        return self.naming.free(f"{wanted}Tool" if wanted in self.naming.taken else wanted, "entry")

    def _import_tool(self, imports: list[str]) -> str:
        """The name of smolagents' Tool here; imported if it is not yet."""
        wanted = ("from", "smolagents", "Tool")
        if wanted not in self.naming.finals:
            name = self.naming.free("Tool", wanted, "smolagents")
            imports.append(
                "from smolagents import Tool\n"
                if name == "Tool"
                else f"from smolagents import Tool as {name}\n"
            )
            self.naming.finals[wanted] = name
        return self.naming.finals[wanted]

    def _used_as_tool(self) -> bool:
        """True if the code asks its own name for more than to be called (`search.description`)."""
        name = self.tool.node.name
        return any(
            isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name) and n.value.id == name and n.attr != "__doc__"
            for u in self.reach.units[self.main] for n in nodes_of(u.node)
        )  # fmt: skip

    def _with_tail(self, code: list[str]) -> list[str]:
        own = self.main.unit_text(self.unit, [])[:40].splitlines()[0]
        return [text.rstrip("\n") + "\n" + self.built.tail if own in text else text for text in code]

    def _join(self, imports: list[str], code: list[str], tail: list[str]) -> str:
        future = any(source.future for source in self.reach.order)
        head = HEADER + ("from __future__ import annotations\n\n" if future else "\n")
        return head + "".join(dict.fromkeys(imports)) + _spaced([*code, *tail])

    def _loadable(self, text: str, entry: str) -> str:
        """Make sure that `Tool.from_code`, which takes the first Tool subclass by name, takes this one."""
        classes = tool_classes(text)
        if classes[:1] == [entry] or entry not in classes:
            return text
        used = set(self.naming.taken)
        alias = first_alias(entry, classes, used)
        if alias is None:
            raise _refused(
                self.tool, [(self.tool.line, f"smolagents would load {classes[0]}; rename that class")]
            )
        return f"{text}\n# smolagents loads the Tool subclass whose name sorts first.\n{alias} = {entry}\n"


def _spaced(blocks: list[str]) -> str:
    """Blocks as PEP 8 sets them apart: two blank lines around definitions, none between short lines."""
    out, was_long = "", True
    for block in blocks:
        block = block.lstrip("\r\n") if block.strip() else block
        first = next((line for line in block.splitlines() if not line.startswith("#")), "")
        is_long = first.startswith(("def ", "class ", "async def ", "@", "if ", "try:", "for ", "with "))
        heads = block.startswith("# From ")
        out += ("\n\n" if (is_long and not out.endswith(":\n")) or was_long or heads else "") + block
        was_long = is_long
    return out
