"""Does a tool survive being published? Stock smolagents and toolreg side by side, on the same tools.

    python benchmarks/fidelity/run.py [--corpus LIST.tsv --cache FOLDER] [--json FILE]

Without --corpus: the project's small cases, each written around one fault. With it: real tools of PyPI packages
as well, fetched with `pip download` into the cache. Everybody's code runs inside the sandbox only; packages that
are not installed get a stand-in on both sides. Real tools are compared by their interface: calling them needs
keys, network and files.
"""

from __future__ import annotations

import argparse
import ast
import csv
import importlib.metadata
import importlib.util
import json
import shutil
import subprocess
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from toolreg.bundle import Bundle, Case, bundle, prove
from toolreg.bundle.proof import author_files, child_code, in_sandbox, source_side
from toolreg.contract import ToolSource, read_module
from toolreg.errors import BundleError, HarnessError, SourceError
from toolreg.sandbox import CallTool, Policy, Returned, Sandbox

HERE = Path(__file__).parent
CASES = HERE.parent.parent / "tests" / "bundle" / "cases" / "project"
STAGES = ("constructs", "saves", "loads the same", "same results", "requirements right")


@dataclass
class Subject:
    """One tool to publish, with its calls and the requirements it should get (None: not known)."""

    name: str
    tool: ToolSource
    cases: list[Case]
    wanted: frozenset[str] | None
    stubs: list[str]


@dataclass
class Row:
    """How far a tool came, on each side; `why` says where it stopped."""

    name: str
    group: str
    stock: dict[str, bool] = field(default_factory=dict)
    ours: dict[str, bool] = field(default_factory=dict)
    stock_why: str = ""
    ours_why: str = ""
    silent: bool = False


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, help="a .tsv with columns source, path, symbol, line, nested")
    parser.add_argument("--cache", type=Path, default=Path("fidelity-cache"), help="where packages are kept")
    parser.add_argument("--json", type=Path, help="write every row here")
    given = parser.parse_args(argv)
    rows: list[Row] = []
    with Sandbox() as sandbox:
        for group, subjects in groups(given):
            for subject in subjects:
                rows.append(judge(subject, group, sandbox))
                show_row(rows[-1])
    show_tables(rows)
    if given.json:
        given.json.write_text(json.dumps([asdict(r) for r in rows], indent=1), encoding="utf-8")
    return 0


def groups(given: argparse.Namespace) -> Iterator[tuple[str, Iterator[Subject]]]:
    yield "small cases", small_cases()
    if given.corpus:
        yield "real tools", real_tools(given.corpus, given.cache)


def small_cases() -> Iterator[Subject]:
    meta = json.loads((CASES / "meta.json").read_text("utf-8"))
    for stem, told in meta.items():
        tool = read_module(str(CASES / f"{stem}.py")).tools[-1]
        pydantic = "__PYDANTIC__" in str(told["call"])
        cases = [Case(source='run_query(Query(text="x"))')] if pydantic else [Case(arguments=told["call"])]
        yield Subject(
            stem, tool, cases, frozenset(map(canonicalize_name, told["reqs"])), missing([tool.module.text])
        )


def real_tools(listed: Path, cache: Path) -> Iterator[Subject]:
    """Tools at the top level of their files; those made inside functions are counted apart."""
    with listed.open(encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file, delimiter="\t") if not r["nested"]]
    for row in rows:
        folder = fetched(row["source"], cache)
        module = read_module(str(folder / row["path"]))
        found = [t for t in module.tools if t.node.name == row["symbol"]]
        if not found:
            print(f"  not found: {row['source']} {row['path']} {row['symbol']}")
            continue
        texts = [str(f["code"]) for f in author_files(found[0])[1].values()]  # type: ignore[index,call-overload]
        yield Subject(f"{row['source']}:{row['symbol']}", found[0], [], None, missing(texts))


def fetched(requirement: str, cache: Path) -> Path:
    """The unpacked package; downloaded once, never installed."""
    name, version = requirement.split("==")
    folder = cache / "src" / f"{name}-{version}"
    if not folder.is_dir():
        wheels = cache / "wheels"
        options = ["-q", "--no-deps", "--only-binary", ":all:", "-d", str(wheels)]
        subprocess.run([*pip(), "download", *options, requirement], check=True)
        (wheel,) = wheels.glob(f"{name}-{version}-*.whl")
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)
    return folder


def pip() -> list[str]:
    """This environment's pip; the one on PATH where the environment was made without it."""
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    found = shutil.which("pip") or shutil.which("pip3")
    if found is None:
        raise SystemExit("no pip to fetch the packages with; install pip, or fill the cache by hand")
    return [found]


def missing(texts: list[str]) -> list[str]:
    """Imported packages that are not installed here."""
    tops: set[str] = set()
    for text in texts:
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Import):
                tops |= {a.name.split(".")[0] for a in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                tops.add(node.module.split(".")[0])
    return sorted(
        t
        for t in tops
        if t != "mycompany_helpers"
        and t not in sys.stdlib_module_names
        and importlib.util.find_spec(t) is None
    )


def judge(subject: Subject, group: str, sandbox: Sandbox) -> Row:
    """Both sides; tried again where the sandbox itself was short of something, as on a busy machine."""
    for pause in (1, 5, 15, 0):
        row = Row(subject.name, group)
        try:
            stock_side(subject, row, sandbox)
            our_side(subject, row, sandbox)
            return row
        except HarnessError:
            if not pause:
                raise
            time.sleep(pause)
    raise AssertionError("unreachable")


def stock_side(subject: Subject, row: Row, sandbox: Sandbox) -> None:
    request = {
        "name": subject.tool.name,
        "cases": [c.wire() for c in subject.cases],
        "stubs": subject.stubs,
        "given": needs(subject.tool),
    }
    code = child_code() + (HERE / "stock_child.py").read_bytes()
    saved = ask(sandbox, code, "stock", {**request, **source_side(subject.tool, needs(subject.tool))})
    row.stock["constructs"] = "error" not in saved
    row.stock["saves"] = "code" in saved
    if "code" not in saved:
        row.stock_why = str(saved.get("error") or saved.get("save_error"))
        return
    again = {"side": "bundle", "code": saved["code"], "allowed": list(sys.stdlib_module_names)}
    installed = {name.split(".")[0] for name in importlib.metadata.packages_distributions()} | set(
        subject.stubs
    )
    loaded = ask(sandbox, code, "probe", {**request, **again, "allowed": sorted(installed)})
    row.stock["loads the same"] = loaded.get("definition") == saved["definition"]
    row.stock["same results"] = row.stock["loads the same"] and loaded["results"] == saved["results"]
    row.stock_why = str(loaded.get("error", ""))
    row.silent = (
        row.stock["loads the same"]
        and not row.stock["same results"]
        and all("raised" not in r for r in loaded["results"])
    )
    if subject.wanted is not None:
        names = frozenset(canonicalize_name(r) for r in saved["requirements"]) - {"smolagents"}
        row.stock["requirements right"] = row.stock["same results"] and right(names, subject.wanted)


def our_side(subject: Subject, row: Row, sandbox: Sandbox) -> None:
    try:
        made: Bundle = bundle(subject.tool)
        row.ours["saves"] = True
        proof = prove(subject.tool, made, in_sandbox(sandbox), cases=subject.cases, stubs=subject.stubs)
    except (BundleError, SourceError) as error:
        row.ours_why = str(error)
        row.ours.setdefault("saves", False)
        return
    row.ours |= {"constructs": True, "loads the same": True, "same results": True}
    row.ours_why = f"stock refuses the source: {proof.stock}" if proof.stock else ""
    if subject.wanted is not None:
        row.ours["requirements right"] = right(
            frozenset(r.name for r in made.requirements) - {"smolagents"}, subject.wanted
        )


def needs(tool: ToolSource) -> dict[str, str]:
    """Constructor arguments without which the author's class cannot be built: both sides get a stand-in."""
    try:
        return dict.fromkeys(bundle(tool).needs, "")
    except (BundleError, SourceError):
        return {}


def right(names: frozenset[str], wanted: frozenset[str]) -> bool:
    """The wanted distributions and no wrong one; headless opencv is opencv, and who imports numpy says so."""
    plain = frozenset(n.replace("-headless", "") for n in names)
    return wanted <= plain and plain - wanted <= {"numpy"}


def ask(sandbox: Sandbox, code: bytes, entry: str, request: Mapping[str, Any]) -> Mapping[str, Any]:
    seen = sandbox.call(code, CallTool(entry, {"request": dict(request)}), Policy())
    match seen.outcome:
        case Returned(value=dict() as value):
            return value
    return {"error": str(seen.outcome)}


def show_row(row: Row) -> None:
    reached = [
        next((s for s in reversed(STAGES) if side.get(s)), "nothing") for side in (row.stock, row.ours)
    ]
    print(f"  {row.name[:48]:48}  {reached[0]:20} {reached[1]:20} {(row.ours_why or '')[:90]}")


def show_tables(rows: list[Row]) -> None:
    for group in dict.fromkeys(r.group for r in rows):
        mine = [r for r in rows if r.group == group]
        building = [r for r in mine if r.stock.get("constructs")]
        print(f"\n{group}: {len(mine)} tools, {len(building)} of which construct with smolagents itself")
        print(f"| {'':22} | smolagents | toolreg | toolreg, of those that construct |\n|---|---|---|---|")
        for stage in STAGES:
            if stage == "requirements right" and not any(stage in r.ours for r in mine):
                continue
            count = Counter(side for r in mine for side in ("stock", "ours") if getattr(r, side).get(stage))
            among = sum(bool(r.ours.get(stage)) for r in building)
            print(f"| {stage:22} | {count['stock']} | {count['ours']} | {among} of {len(building)} |")
        print(f"| {'silently different':22} | {sum(r.silent for r in mine)} | 0 | 0 |")


if __name__ == "__main__":
    raise SystemExit(main())
