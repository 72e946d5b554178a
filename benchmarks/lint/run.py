"""How long lint takes, beside its peers: whole processes, medians, one table.

    python benchmarks/lint/run.py [--repeat 5] [--counts 1,20,200,2000] [--only NAME,NAME]

Makes the corpus, installs toolreg and the peers into throwaway environments (which takes minutes, and a package
index), measures every one in turn, and prints a Markdown table with ratios. pydoclint has an environment of its
own: it brings a fork of docstring-parser that replaces the real one.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from corpus import write

ROOT = Path(__file__).resolve().parents[2]
RUFF = "F402,F404,F5,F6,F7,F811,F82,F841,PLE,ASYNC,B018,B023,S102,S202,S306,S307,S323,S602,S604,S605,S609,S701,ANN,D,DOC,S"
VALIDATE = """
import importlib.util, sys
from smolagents import Tool
from smolagents.tool_validation import validate_tool_attributes
for n, path in enumerate(sys.argv[1:]):
    spec = importlib.util.spec_from_file_location(f"m{n}", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except Exception:  # the corpus has faults that smolagents refuses at import
        continue
    for value in vars(module).values():
        if isinstance(value, Tool) or (isinstance(value, type) and issubclass(value, Tool) and value is not Tool):
            try:
                validate_tool_attributes(value if isinstance(value, type) else type(value))
            except ValueError:
                pass
"""


@dataclass(frozen=True)
class Peer:
    """A program to measure: its command for some files, and what to do before each run."""

    name: str
    command: Callable[[Sequence[str]], list[str]]
    before: Callable[[], None] = lambda: None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--counts", default="1,20,200,2000")
    parser.add_argument("--only", default="", help="comma separated beginnings of names")
    given = parser.parse_args()
    counts = [int(c) for c in given.counts.split(",")]
    with tempfile.TemporaryDirectory(prefix="toolreg-bench-") as folder:
        root = Path(folder)
        files = write(root / "corpus", max(counts))
        os.utime(root / "corpus")
        wanted = tuple(given.only.split(",")) if given.only else ("",)
        measured = {
            peer.name: [
                measure(peer, [str(f) for f in files[:count]], given.repeat, root) for count in counts
            ]
            for peer in peers(root)
            if peer.name.startswith(wanted)
        }
    print(table(measured, counts, given.repeat))


def environment(root: Path, name: str, *packages: str) -> Path:
    """A fresh environment with these packages; returns its folder of programs."""
    folder = root / name
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    subprocess.run([*pip, *packages], check=True)
    return folder / "bin"


def peers(root: Path) -> list[Peer]:
    ours = environment(root, "ours", str(ROOT))
    theirs = environment(root, "theirs", "bandit", "mypy")
    doc = environment(root, "doc", "pydoclint")
    cache, ruff, mypy = root / "cache", root / "ruff-cache", root / "mypy-cache"
    os.environ["XDG_CACHE_HOME"] = str(cache)
    toolreg = [str(ours / "toolreg"), "lint", "--isolated", "--format", "concise", "--show", "error", "-q"]
    check = [str(ours / "ruff"), "check", "--isolated", "--preview", "-q", "--exit-zero", f"--select={RUFF}"]
    typed = [str(theirs / "mypy"), "--ignore-missing-imports", "--follow-imports=skip", f"--cache-dir={mypy}"]

    def drop(folder: Path) -> Callable[[], None]:
        return lambda: shutil.rmtree(folder, ignore_errors=True)

    return [
        Peer("python -c pass", lambda _: [str(ours / "python"), "-c", "pass"]),
        Peer("toolreg lint, cold", lambda f: [*toolreg, *f], drop(cache)),
        Peer("toolreg lint, warm", lambda f: [*toolreg, *f]),
        Peer("toolreg lint --no-ruff, cold", lambda f: [*toolreg, "--no-ruff", *f], drop(cache)),
        Peer("ruff, same families, cold", lambda f: [*check, f"--cache-dir={ruff}", *f], drop(ruff)),
        Peer("ruff, same families, warm", lambda f: [*check, f"--cache-dir={ruff}", *f]),
        Peer("bandit", lambda f: [str(theirs / "bandit"), "-q", *f]),
        Peer("pydoclint", lambda f: [str(doc / "pydoclint"), "-q", "--style=google", *f]),
        Peer("mypy, cold", lambda f: [*typed, *f], drop(mypy)),
        Peer("mypy, warm", lambda f: [*typed, *f]),
        Peer("smolagents' own validation", lambda f: [str(ours / "python"), "-c", VALIDATE, *f]),
    ]


@dataclass(frozen=True)
class Cost:
    """Median seconds on the clock; processor seconds and peak MB of one more run."""

    wall: float
    cpu: float
    memory: float


def measure(peer: Peer, files: Sequence[str], repeat: int, root: Path) -> Cost:
    """The cost of one program over some files; one run first that does not count."""
    command = peer.command(files)
    times: list[float] = []
    for _ in range(repeat + 1):
        peer.before()
        start = time.perf_counter()
        done = subprocess.run(command, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        times.append(time.perf_counter() - start)
        if done.returncode not in (0, 1) or b"Traceback" in done.stderr:
            raise SystemExit(f"{peer.name}: exit {done.returncode}: {done.stderr.decode()[-500:]}")
        if len(times) > 1 and sum(times) > 120:
            break
    peer.before()
    cpu, memory = resources(command, root)
    return Cost(statistics.median(times[1:]), cpu, memory)


def resources(command: list[str], root: Path) -> tuple[float, float]:
    """(processor seconds, peak MB of the largest process)."""
    script = (
        "import resource,subprocess,sys;subprocess.run(sys.argv[1:],stdout=-3,stderr=-3);"
        "r=resource.getrusage(resource.RUSAGE_CHILDREN);print(r.ru_utime+r.ru_stime,r.ru_maxrss)"
    )
    done = subprocess.run([sys.executable, "-c", script, *command], cwd=root, capture_output=True, text=True)
    cpu, kilobytes = done.stdout.split()[-2:]
    return float(cpu), int(kilobytes) / (1024 * 1024 if sys.platform == "darwin" else 1024)


def table(measured: dict[str, list[Cost]], counts: Sequence[int], repeat: int) -> str:
    """Milliseconds, processor milliseconds and MB; then the ratios that matter."""
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    about = f"{datetime.date.today()}, {machine}, load {os.getloadavg()[0]:.1f}; medians of {repeat}, in ms"
    lines = [f"{about}; processor ms and peak MB at the largest count", ""]
    lines += [
        "| | " + " | ".join(f"{c:,}" for c in counts) + " | processor | MB |",
        "|---" * (len(counts) + 3) + "|",
    ]
    for name, row in measured.items():
        walls = " | ".join(f"{1000 * cost.wall:,.0f}" for cost in row)
        lines.append(f"| {name} | {walls} | {1000 * row[-1].cpu:,.0f} | {row[-1].memory:.0f} |")
    pairs = [
        ("cold against ruff cold", -1, "toolreg lint, cold", "ruff, same families, cold"),
        ("warm against ruff warm", -1, "toolreg lint, warm", "ruff, same families, warm"),
        ("one unchanged file against a bare interpreter", 0, "toolreg lint, warm", "python -c pass"),
        ("bandit against cold", -1, "bandit", "toolreg lint, cold"),
        ("pydoclint against cold", -1, "pydoclint", "toolreg lint, cold"),
        ("smolagents against cold", -1, "smolagents' own validation", "toolreg lint, cold"),
    ]
    lines.append("")
    for what, at, one, other in pairs:
        if one in measured and other in measured:
            a, b = measured[one][at], measured[other][at]
            lines.append(
                f"- {what}: {a.wall / b.wall:.2f} times on the clock, {a.cpu / b.cpu:.2f} in processor time"
            )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
