"""What lint costs, beside its peers: whole processes, in turn, medians of clock and processor time, one table.

    python benchmarks/lint/run.py [--repeat 5] [--counts 1,20,200,2000] [--only NAME,NAME]

Makes the corpus, installs toolreg and the peers into throwaway environments (which takes minutes, and a package
index), and prints a Markdown table with ratios. Each round runs every program once, so that a busy moment strikes
all alike; on a busy machine processor time (user and system, all processes of a run) tells more than the clock.
pydoclint has an environment of its own: it brings a fork of docstring-parser that replaces the real one.
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
LONGEST = 120.0  # seconds after which a slow program is not run again
RATIOS = (
    ("cold against ruff cold", -1, "toolreg lint, cold", "ruff, same families, cold", "at most 4"),
    ("warm against ruff warm", -1, "toolreg lint, warm", "ruff, same families, warm", "at most 0.5"),
    ("one unchanged file against a bare interpreter", 0, "toolreg lint, warm", "python -c pass", "at most 2"),
    ("bandit against cold", -1, "bandit", "toolreg lint, cold", "at least 8"),
    ("pydoclint against cold", -1, "pydoclint", "toolreg lint, cold", "at least 8"),
    ("smolagents against cold", -1, "smolagents' own validation", "toolreg lint, cold", "none"),
)
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
        chosen = [peer for peer in peers(root) if peer.name.startswith(wanted)]
        costs = [measure(chosen, [str(f) for f in files[:count]], given.repeat, root) for count in counts]
    print(table({peer.name: [c[peer.name] for c in costs] for peer in chosen}, counts, given.repeat))


def environment(root: Path, name: str, *packages: str) -> Path:
    """A fresh environment with these packages; returns its folder of programs.

    With the newest pip, for the start scripts that older ones write import `re`, which takes 6 ms.
    """
    folder = root / name
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    subprocess.run([*pip, "--upgrade", "pip"], check=True)
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
    """What a run took: seconds on the clock, processor seconds of all its processes, peak MB of the largest."""

    wall: float
    cpu: float
    memory: float


def measure(peers: Sequence[Peer], files: Sequence[str], repeat: int, root: Path) -> dict[str, Cost]:
    """The median cost of each program over some files; one round first that does not count."""
    runs: dict[str, list[Cost]] = {peer.name: [] for peer in peers}
    for _ in range(repeat + 1):
        for peer in peers:
            if sum(cost.wall for cost in runs[peer.name]) < LONGEST:
                peer.before()
                runs[peer.name].append(run(peer, files, root))
    return {name: median(costs[1:] or costs) for name, costs in runs.items()}


def run(peer: Peer, files: Sequence[str], root: Path) -> Cost:
    """Run a program once, whole."""
    with tempfile.TemporaryFile() as complaints:
        start = time.perf_counter()
        process = subprocess.Popen(
            peer.command(files), cwd=root, stdout=subprocess.DEVNULL, stderr=complaints
        )
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        complaints.seek(0)
        said = complaints.read().decode("utf-8", "replace")
    if process.returncode not in (0, 1) or "Traceback" in said:
        raise SystemExit(f"{peer.name}: exit {process.returncode}: {said[-500:]}")
    memory = used.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
    return Cost(wall, used.ru_utime + used.ru_stime, memory)


def median(costs: Sequence[Cost]) -> Cost:
    return Cost(*(statistics.median(getattr(c, name) for c in costs) for name in ("wall", "cpu", "memory")))


def table(measured: dict[str, list[Cost]], counts: Sequence[int], repeat: int) -> str:
    """Milliseconds on the clock and of the processor, and MB; then the ratios that matter."""
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    about = f"{datetime.date.today()}, {machine}, load {os.getloadavg()[0]:.1f}; medians of {repeat}"
    head = " | ".join(f"{c:,} file{'s' * (c > 1)}" for c in counts)
    lines = [f"{about}; ms on the clock / processor ms, and peak MB at the largest count", ""]
    lines += [f"| | {head} | MB |", "|---" * (len(counts) + 2) + "|"]
    for name, row in measured.items():
        times = " | ".join(f"{1000 * cost.wall:,.0f} / {1000 * cost.cpu:,.0f}" for cost in row)
        lines.append(f"| {name} | {times} | {row[-1].memory:.0f} |")
    return "\n".join([*lines, "", *ratios(measured)])


def ratios(measured: dict[str, list[Cost]]) -> list[str]:
    """A line for each comparison that was measured, with what is aimed at."""
    lines = []
    for what, at, one, other, aim in RATIOS:
        if one in measured and other in measured:
            a, b = measured[one][at], measured[other][at]
            times = f"{a.cpu / b.cpu:.2f} times in processor time, {a.wall / b.wall:.2f} on the clock"
            lines.append(f"- {what}: {times} (aim: {aim})")
    return lines


if __name__ == "__main__":
    main()
