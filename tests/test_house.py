"""The house: arrows go one way, rooms keep to their business, and the wheel holds what it says."""

import ast
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = {"toolreg": ROOT / "registry/toolreg", "toolreg_rules": ROOT / "lint_rules/toolreg_rules"}
FLOORS = [
    {"errors", "targets", ""},
    {"effects"},
    {"contract", "sandbox"},
    {"lint", "infer", "bundle", "testing", "config"},
    {"toolreg_rules", "harness"},
    {"verdict"},
    {"pipeline", "building"},
    {"manifest"},
    {"release", "provenance"},
    {"hub"},
    {"load"},
    {"shipping", "calling"},
    {"registry"},
    {"agent", "mcp", "audit"},
    {"cli"},
    {"__main__"},
]
ONLY = {
    "huggingface_hub": {"hub/client.py"},
    "sigstore": {"manifest/signing.py"},
    "rich": {"cli", "agent"},
    "typer": {"cli"},
}


def sources() -> Iterator[tuple[str, Path]]:
    for package, folder in PACKAGES.items():
        for path in sorted(folder.rglob("*.py")):
            if "attacks" not in path.parts and "templates" not in path.parts:
                yield package, path


def room(package: str, path: Path) -> str:
    relative = path.relative_to(PACKAGES[package])
    if package == "toolreg_rules":
        return package
    return (
        ""
        if relative.name == "__init__.py" and len(relative.parts) == 1
        else relative.parts[0].removesuffix(".py")
    )


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Every absolute module that a file imports, inside functions too, but not for type checking alone."""
    tree = ast.parse(path.read_text())
    typing_only = {
        id(child)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for child in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, node.lineno


def test_every_floor_rests_only_on_those_below_it() -> None:
    rank = {name: level for level, names in enumerate(FLOORS) for name in names}
    arrows: dict[str, set[str]] = {}
    wrong = []
    for package, path in sources():
        here = room(package, path)
        assert here in rank, f"{path.relative_to(ROOT)}: room '{here}' has no floor"
        for module, line in imports(path):
            parts = module.split(".")
            if parts[0] not in PACKAGES or (module == "toolreg" and here != ""):
                continue
            there = "toolreg_rules" if parts[0] == "toolreg_rules" else parts[1] if len(parts) > 1 else ""
            if there == here:
                continue
            arrows.setdefault(here, set()).add(there)
            if rank[there] > rank[here]:
                wrong.append(f"{path.relative_to(ROOT)}:{line} {here} → {there}")
    assert not wrong
    list(TopologicalSorter(arrows).static_order())


@pytest.mark.parametrize("library", sorted(ONLY))
def test_a_library_is_imported_only_in_its_room(library: str) -> None:
    allowed = ONLY[library]
    strangers = [
        f"{path.relative_to(ROOT)}:{line}"
        for package, path in sources()
        for module, line in imports(path)
        if module.split(".")[0] == library
        and str(path.relative_to(PACKAGES[package])) not in allowed
        and room(package, path) not in allowed
    ]
    assert not strangers


def test_only_the_command_line_prints_or_exits() -> None:
    loud = []
    for package, path in sources():
        if room(package, path) in ("cli", "__main__") or "stub" in path.name:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("print", "exit")
            ):
                loud.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not loud


def test_who_catches_everything_says_why_or_raises_it_again() -> None:
    silent = []
    for _, path in sources():
        text = path.read_text()
        lines = text.splitlines()
        for node in ast.walk(ast.parse(text)):
            if not isinstance(node, ast.ExceptHandler) or not catches_everything(node):
                continue
            why = lines[node.lineno - 1].partition("#")[2].replace("noqa: BLE001", "").strip(" -#")
            if not why and not any(isinstance(below, ast.Raise) for below in ast.walk(node)):
                silent.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not silent


def catches_everything(handler: ast.ExceptHandler) -> bool:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(
        kind is None or (isinstance(kind, ast.Name) and kind.id in ("Exception", "BaseException"))
        for kind in kinds
    )


def test_files_stay_below_three_hundred_lines() -> None:
    long = {str(p.relative_to(ROOT)): n for _, p in sources() if (n := p.read_text().count("\n")) > 300}
    assert not long


def test_the_wheel_holds_two_packages_and_nothing_else(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(tmp_path),
        str(ROOT),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=250)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {n.split("/")[0] for n in names if ".dist-info/" not in n} == {"toolreg", "toolreg_rules"}
    assert "toolreg/py.typed" in names


def test_lint_imports_neither_smolagents_nor_huggingface_hub() -> None:
    code = (
        "import sys; from toolreg.__main__ import main; sys.argv = ['toolreg', 'lint', 'tools', '--no-cache']\n"
        "try: main()\nexcept SystemExit: pass\n"
        "heavy = {'smolagents', 'huggingface_hub', 'pydantic', 'typer', 'rich'} & set(sys.modules)\n"
        "print('heavy:', sorted(heavy))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "heavy: []", done.stderr
