"""Does a tool survive being published? Stock smolagents and toolreg side by side, on the same tools.

    python benchmarks/fidelity/run.py [--corpus LIST.tsv --cache FOLDER] [--results FILE.md] [--json FILE]

Without --corpus: the project's small cases, each written around one fault. With it: real tools of PyPI packages
as well, fetched with `pip download` into the cache. Everybody's code runs inside the sandbox only; packages that
are not installed get a stand-in on both sides. Real tools get one call with plain values and no grant: most end in
an exception, which has to be the same one.
"""

from __future__ import annotations

import argparse
import ast
import csv
import importlib.metadata
import importlib.util
import json
import re
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from tables import Row, line, results, tables

from toolreg.bundle import Bundle, Case, bundle, prove
from toolreg.bundle.proof import author_files, child_code, in_sandbox, source_side
from toolreg.contract import ToolSource, parse_module, read_module, spec_of
from toolreg.effects import Effect
from toolreg.errors import BundleError, HarnessError, SourceError
from toolreg.sandbox import CallTool, Limits, Policy, Returned, Sandbox

HERE = Path(__file__).parent
COMMAND = "python benchmarks/fidelity/run.py --corpus LIST.tsv --cache FOLDER --results benchmarks/fidelity/RESULTS.md"
PLAIN = {"string": "a", "integer": 1, "number": 1.5, "boolean": True, "array": ["a"], "object": {"a": 1}}
ASKED = re.compile(r"""(?:environ(?:\.get)?|getenv)\s*[\[(]\s*f?["']([A-Z][A-Z0-9_]+)["']""")
CASES = HERE.parent.parent / "tests" / "bundle" / "cases" / "project"


@dataclass
class Subject:
    """One tool to publish, with its calls and the requirements it should get (None: not known)."""

    name: str
    tool: ToolSource
    cases: list[Case]
    wanted: frozenset[str] | None
    stubs: list[str]
    env: tuple[str, ...] = ()


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, help="a .tsv with columns source, path, symbol, line, nested")
    parser.add_argument("--cache", type=Path, default=Path("fidelity-cache"), help="where packages are kept")
    parser.add_argument("--results", type=Path, help="write the tables and every refusal here, as Markdown")
    parser.add_argument("--json", type=Path, help="write every row here")
    given = parser.parse_args(argv)
    rows: list[Row] = []
    with Sandbox() as sandbox:
        for group, subjects in groups(given):
            for subject in subjects:
                rows.append(judge(subject, group, sandbox))
                print(line(rows[-1]), flush=True)
    print(tables(rows))
    if given.results:
        given.results.write_text(results(rows, COMMAND), encoding="utf-8")
    if given.json:
        given.json.write_text(json.dumps([asdict(r) for r in rows], indent=1), encoding="utf-8")
    return 0


def groups(given: argparse.Namespace) -> Iterator[tuple[str, Iterator[Subject]]]:
    yield "small cases", small_cases()
    if given.corpus:
        yield "real tools", real_tools(given.corpus, given.cache)
        yield "real tools made inside functions", real_tools(given.corpus, given.cache, nested=True)


def small_cases() -> Iterator[Subject]:
    meta = json.loads((CASES / "meta.json").read_text("utf-8"))
    for stem, told in meta.items():
        tool = read_module(str(CASES / f"{stem}.py")).tools[-1]
        pydantic = "__PYDANTIC__" in str(told["call"])
        cases = [Case(source='run_query(Query(text="x"))')] if pydantic else [Case(arguments=told["call"])]
        yield Subject(
            stem, tool, cases, frozenset(map(canonicalize_name, told["reqs"])), missing([tool.module.text])
        )


def real_tools(listed: Path, cache: Path, *, nested: bool = False) -> Iterator[Subject]:
    """Tools at the top level of their files, or those made inside functions."""
    with listed.open(encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file, delimiter="\t") if bool(r["nested"]) == nested]
    for row in rows:
        folder = fetched(row["source"], cache)
        module = read_module(str(folder / row["path"]))
        found = [t for t in module.tools if t.node.name == row["symbol"]]
        if not found:
            print(f"  not found: {row['source']} {row['path']} {row['symbol']}")
            continue
        texts = [str(f["code"]) for f in author_files(found[0])[1].values()]  # type: ignore[index,call-overload]
        yield Subject(
            f"{row['source']}:{row['symbol']}",
            found[0],
            plain_call(found[0]),
            None,
            missing(texts),
            asked(texts),
        )


def plain_call(tool: ToolSource) -> list[Case]:
    """One call with a plain value for every input that has to be given."""
    try:
        made = bundle(tool)
        inputs = spec_of(parse_module("tool.py", made.code).tool(made.entry)).inputs
    except (BundleError, SourceError):
        return []
    return [
        Case(
            arguments={
                n: PLAIN.get(str(s.get("type")), "a") for n, s in inputs.items() if not s.get("nullable")
            }
        )
    ]


def asked(texts: list[str]) -> tuple[str, ...]:
    """Environment variables that files ask for by name; both sides get a value."""
    return tuple(sorted({name for text in texts for name in ASKED.findall(text)}))


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
    """Both sides with their calls; without them where a call does not end."""
    row = judge_once(subject, group, sandbox)
    row.called = bool(subject.cases)
    if subject.cases and "illed" in row.ours_why + row.stock_why:
        row = judge_once(replace(subject, cases=[]), group, sandbox)
    return row


def judge_once(subject: Subject, group: str, sandbox: Sandbox) -> Row:
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
    saved = ask(
        sandbox, subject, code, "stock", {**request, **source_side(subject.tool, needs(subject.tool))}
    )
    row.stock["constructs"] = "error" not in saved
    row.stock["saves"] = "code" in saved
    if "code" not in saved:
        row.stock_why = str(saved.get("error") or saved.get("save_error"))
        return
    again = {"side": "bundle", "code": saved["code"], "allowed": list(sys.stdlib_module_names)}
    installed = {name.split(".")[0] for name in importlib.metadata.packages_distributions()} | set(
        subject.stubs
    )
    loaded = ask(sandbox, subject, code, "probe", {**request, **again, "allowed": sorted(installed)})
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
        proof = prove(
            subject.tool, made, in_sandbox(sandbox, policy(subject)), cases=subject.cases, stubs=subject.stubs
        )
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


def policy(subject: Subject) -> Policy:
    """Nothing but stand-ins for the environment variables that the file asks for."""
    env = {name: f"value of {name}" for name in subject.env}
    return Policy(tuple(Effect("env", name) for name in subject.env), env=env, limits=Limits(wall=20.0))


def ask(
    sandbox: Sandbox, subject: Subject, code: bytes, entry: str, request: Mapping[str, Any]
) -> Mapping[str, Any]:
    seen = sandbox.call(code, CallTool(entry, {"request": dict(request)}), policy(subject))
    match seen.outcome:
        case Returned(value=dict() as value):
            return value
    return {"error": str(seen.outcome)}


if __name__ == "__main__":
    raise SystemExit(main())
