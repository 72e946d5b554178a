"""How fast an audit is, what it keeps in memory, and where more workers stop helping.

    python benchmarks/audit/run.py [--tools N] [--many N] [--check N] [--out FILE]

Every tool is different, so that nothing is judged once for many.
"""

from __future__ import annotations

import argparse
import heapq
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from show import generate

from toolreg.audit import AuditOptions, Item, audit, judge, write_gallery

ROOT = Path(__file__).parents[2]
BODY = ROOT / "tools"


def tools(count: int, folder: Path) -> None:
    """`count` different tools, made of the reference tools."""
    sources = [path.read_text() for path in sorted(BODY.glob("*.py"))]
    names = [path.stem for path in sorted(BODY.glob("*.py"))]
    for number in range(count):
        source, name = sources[number % len(sources)], names[number % len(sources)]
        place = folder / f"team{number % 50:02d}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"tool_{number:05d}.py").write_text(source.replace(name, f"{name}_{number:05d}"))


def seconds(folder: Path, out: Path, engine: str, **options: bool) -> float:
    started = time.perf_counter()
    audit(str(folder), out, AuditOptions(**options), engine_name=engine)
    return time.perf_counter() - started


def cost_of_each(folder: Path, most: int = 300) -> list[float]:
    """CPU seconds of single judgements, in this process."""
    options, costs = AuditOptions(), []
    paths = sorted(folder.rglob("*.py"))[:most]
    judge(Item("first.py", paths[0].read_bytes()), options)
    for path in paths:
        started = time.process_time()
        judge(Item(path.name, path.read_bytes()), options)
        costs.append(time.process_time() - started)
    return costs


def simulate(costs: list[float], driver: float, workers: int, count: int = 20_000) -> float:
    """Tools a second with so many workers: one coordinator hands out files in order, workers take them as they are free."""
    free = [0.0] * workers
    clock = 0.0
    end = 0.0
    for number in range(count):
        clock += driver
        start = max(clock, heapq.heappop(free))
        done = start + costs[number % len(costs)]
        heapq.heappush(free, done)
        end = max(end, done)
    return count / end


# Judges nothing: every file gets the same real judgement under its own name, so that only the coordinator is measured.
COORDINATOR = """
import resource, sys, time
from functools import partial
from pathlib import Path
from toolreg.audit import AuditOptions, Item, Judgement, audit, auditing, judge
from toolreg.audit.run import judge_all

first = next(Path(sys.argv[1]).rglob("*.py"))
one = judge(Item("first.py", first.read_bytes()), AuditOptions())

def named(item, _):
    name = Path(item.label).stem
    tools = tuple({**row, "tool": name, "path": item.label} for row in one.tools)
    return Judgement(tools, tuple({**row, "tool": name, "path": item.label} for row in one.findings))

auditing.judge_all = partial(judge_all, work=named)
started = time.process_time()
audit(sys.argv[1], Path(sys.argv[2]), engine_name="here")
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, time.process_time() - started)
"""


def coordinator(count: int, scratch: Path) -> tuple[float, float, float]:
    """(MB at its highest, MB of results, CPU seconds) of the process that reads, hands out and writes `count` files."""
    tools(count, scratch / "many")
    (scratch / "out").mkdir()
    command = [sys.executable, "-c", COORDINATOR, str(scratch / "many"), str(scratch / "out")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    high, cpu = map(float, done.stdout.split())
    return high, sum(f.stat().st_size for f in (scratch / "out").iterdir()) / 1e6, cpu


def measure(given: argparse.Namespace) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "tools"
        tools(given.tools, folder)
        costs = cost_of_each(folder)
        yield "| | tools a second |\n|---|---|"
        yield f"| judging alone, of one core's CPU time | {1 / statistics.mean(costs):.0f} |"
        for engine in ("here", "processes:2"):
            took = seconds(folder, Path(scratch) / engine.replace(":", "-"), engine)
            yield f"| `--engine {engine}`, {given.tools:,} tools, wall time | {given.tools / took:.0f} |"
        if given.check:
            yield from _checked(given.check, Path(scratch))
        yield from _size_and_scale(given, Path(scratch), costs)


# Tries tools in one process, ends its sandboxes, and prints the CPU seconds of all of it, children too.
CHECKED = """
import gc, resource, sys
from pathlib import Path
from toolreg.audit import AuditOptions, audit
from toolreg.sandbox import Sandbox

audit(sys.argv[1], Path(sys.argv[2]), AuditOptions(check=True), engine_name="here")
for each in [o for o in gc.get_objects() if isinstance(o, Sandbox)]:
    each.close()
spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(sum(u.ru_utime + u.ru_stime for u in spent))
"""


def checking(count: int, scratch: Path, only: str = "") -> float:
    """CPU seconds of an audit with --check of `count` tools with their fixtures, all of one kind with `only`."""
    folder = scratch / f"checked-{only or 'all'}-{count}"
    generate(count, folder / "tools", only)
    command = [sys.executable, "-c", CHECKED, str(folder / "tools"), str(folder / "out")]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def _checked(count: int, scratch: Path) -> Iterator[str]:
    """Starting the sandboxes costs seconds once; what more tools cost more is what counts."""
    for kind in ("", *sorted(path.stem for path in BODY.glob("*.py"))):
        few, many = checking(6, scratch, kind), checking(6 + count, scratch, kind)
        name = f"`{kind}`" if kind else "the reference tools in turn"
        yield f"| `--check`, {name}, of one core's CPU time | {count / (many - few):.1f} |"


def _size_and_scale(given: argparse.Namespace, scratch: Path, costs: list[float]) -> Iterator[str]:
    yield "\n| files | coordinator, MB | CPU ms a file | results, MB | pages, seconds | pages, MB |\n|---|---|---|---|---|---|"
    cpu = 0.0
    for count in (given.many // 10, given.many):
        place = scratch / f"size-{count}"
        place.mkdir()
        high, size, cpu = coordinator(count, place)
        started = time.process_time()
        write_gallery(place / "out", place / "pages")
        pages = time.process_time() - started
        volume = sum(f.stat().st_size for f in (place / "pages").rglob("*") if f.is_file()) / 1e6
        yield f"| {count:,} | {high:.0f} | {1000 * cpu / count:.2f} | {size:.0f} | {pages:.1f} | {volume:.0f} |"
        shutil.rmtree(place)
    yield from _scale(costs, cpu / given.many)


def _scale(costs: list[float], driver: float) -> Iterator[str]:
    yield f"\nThe coordinating process can feed {1 / driver:.0f} tools a second: there more workers stop helping.\n"
    yield "| workers | tools a second, simulated | of the ideal |\n|---|---|---|"
    one = simulate(costs, driver, 1)
    for workers in (1, 2, 4, 8, 16, 32, 64):
        rate = simulate(costs, driver, workers)
        yield f"| {workers} | {rate:.0f} | {100 * rate / (one * workers):.0f} % |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tools", type=int, default=600)
    parser.add_argument("--many", type=int, default=30_000)
    parser.add_argument("--check", type=int, default=0, metavar="N", help="try N tools of each kind too")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "RESULTS.md")
    given = parser.parse_args()
    lines: Iterable[str] = measure(given)
    cores = len(os.sched_getaffinity(0))
    with open(given.out, "w") as file:
        file.write(
            f"# Audit: speed and size\n\nPython {sys.version.split()[0]}, {cores} cores; load average at the start {os.getloadavg()[0]:.1f}.\n\n"
        )
        for line in lines:
            file.write(line + "\n")
            file.flush()
            sys.stdout.write(line + "\n")
    sys.stdout.write(
        f"this process at its highest: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB\n"
    )


if __name__ == "__main__":
    main()
