"""How fast the Hub room is: publishing against smolagents, the index, and loading what is locked.

    python benchmarks/hub/run.py [--quick] [--only PART]   prints the tables of docs/benchmarks.md

Everything is measured on this machine against the embedded Hub over loopback HTTP; requests are counted
by the Hub. --quick makes everything a tenth as large.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import accumulate
from pathlib import Path

from toolreg.effects import Effect
from toolreg.hub.blobs import Blobs
from toolreg.hub.client import Hub
from toolreg.hub.fetch import Fetched, fetch
from toolreg.hub.index import Index
from toolreg.hub.listing import Listing, Query
from toolreg.hub.many import Job, publish_many
from toolreg.hub.publish import Published, publish
from toolreg.hub.server import running
from toolreg.hub.server.limits import Limits
from toolreg.load import KnownSigners, Lock, ReaderTrust, Store, TrustPolicy, load_tools
from toolreg.load.fetch import parse_ref
from toolreg.load.manage import add
from toolreg.manifest import Key, build_manifest, definition, sign, to_bytes
from toolreg.manifest.keys import new_key
from toolreg.manifest.model import Cases, Checks, EffectsSection, Harness, Isolation, RulePack, Versions

BOUNDLESS = 10**9
INPUTS = {"text": {"type": "string", "description": "Any text."}}
CODE = """from smolagents import Tool


class Counter(Tool):
    name = "counter_{n}"
    description = "Count the words of a text, the {n}th way."
    inputs = {{"text": {{"type": "string", "description": "Any text."}}}}
    output_type = "integer"

    def forward(self, text: str) -> int:
        return len(text.split()) + {n}

    def __init__(self, *args, **kwargs):
        super().__init__()
"""
CARD = "---\ntitle: Counter {n}\nsdk: static\ntags:\n- smolagents\n- tool\n---\n\n# Counter {n}\n"
PEER = """
import sys, time
sys.path.insert(0, sys.argv[1])
from tool import Counter
tool = Counter()
start = time.perf_counter()
for number in range(int(sys.argv[2])):
    tool.push_to_hub(f"peer/tool-{number}", token="hf_any")
print(time.perf_counter() - start)
"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="a tenth of everything")
    parser.add_argument("--only", choices=("publish", "index", "load"), help="one part of it")
    given = parser.parse_args()
    scale = 10 if given.quick else 1
    print(f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores\n")
    parts: dict[str, Callable[[], None]] = {
        "publish": lambda: publishing([max(1, n // scale) for n in (1, 20, 200)]),
        "index": lambda: indexing(30_000 // scale),
        "load": lambda: loading(50 // scale),
    }
    for name, part in parts.items():
        if given.only in (None, name):
            part()


def publishing(counts: list[int]) -> None:
    print("| publish | tools | requests per tool | seconds | ms per tool |\n|---|---|---|---|---|")
    for count in counts:
        for workers in (1, 4):
            with counted() as (endpoint, requests):
                jobs = [job_of(Hub(endpoint), f"local/tool-{n}", files_of(n)) for n in range(count)]
                for what in ("new", "unchanged"):
                    seconds = timed(lambda: check(publish_many(jobs, workers=workers)))  # noqa: B023
                    row(f"toolreg, {what}, {workers} at a time", count, requests(), seconds)
        with counted() as (endpoint, requests):
            for what in ("new", "unchanged"):
                row(f"smolagents push_to_hub, {what}", count, requests(), peer(endpoint, count), requests)


def job_of(hub: Hub, repo_id: str, files: dict[str, bytes]) -> Job[Published]:
    return Job(repo_id, repo_id, partial(publish, files, repo_id, hub, "1.0.0"))


def row(what: str, count: int, before: int, seconds: float, after: Callable[[], int] | None = None) -> None:
    sent = after() if after else before
    print(
        f"| {what} | {count} | {sent / count:.1f} | {seconds:.2f} | {seconds / count * 1000:.0f} |",
        flush=True,
    )


@contextmanager
def counted() -> Iterator[tuple[str, Callable[[], int]]]:
    """A Hub of its own, and how many requests came since it was last asked."""
    limits = Limits(BOUNDLESS, BOUNDLESS, window=10**7)
    seen = [0]

    def since() -> int:
        now = limits.count()
        seen[0], more = now, now - seen[0]
        return more

    with tempfile.TemporaryDirectory() as folder, running(Path(folder), limits=limits) as endpoint:
        yield endpoint, since


def peer(endpoint: str, count: int) -> float:
    """Seconds that smolagents' own push takes in a process of its own, imports left out."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "tool.py").write_text(CODE.format(n=0))
        environment = {
            **os.environ,
            "HF_ENDPOINT": endpoint,
            "HF_HOME": folder,
            "HF_HUB_DISABLE_TELEMETRY": "1",
        }
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", PEER, folder, str(count)],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return float(done.stdout.split()[-1])


def files_of(number: int) -> dict[str, bytes]:
    return {
        "tool.py": CODE.format(n=number).encode(),
        "README.md": CARD.format(n=number).encode(),
        "index.html": b"<!doctype html><title>Counter</title>\n",
        "requirements.txt": b"smolagents==1.26.0\n",
    }


def check(outcomes: list[object]) -> None:
    failed = [o for o in outcomes if getattr(o, "error", None)]
    assert not failed, failed[0]


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


VERBS = [
    "read",
    "fetch",
    "list",
    "count",
    "convert",
    "translate",
    "search",
    "summarise",
    "resize",
    "parse",
    "send",
    "plan",
]
NOUNS = [
    "weather",
    "city",
    "page",
    "table",
    "image",
    "note",
    "mail",
    "stock",
    "price",
    "calendar",
    "invoice",
    "news",
]
WORDS = VERBS + NOUNS
HOSTS = [f"api.service{n}.example" for n in range(400)]
# Words as a language has them: the n-th most frequent is 1/n as frequent. The first ones nobody asks for.
VOCABULARY = [*(f"filler{n}" for n in range(10)), *WORDS, *(f"term{n}" for n in range(20_000))]
WEIGHTS = list(accumulate(1 / (n + 1) for n in range(len(VOCABULARY))))


def synthetic(count: int) -> Iterator[Listing]:
    """Listings with the spread of real ones: few words often, many seldom."""
    dice = random.Random(1)
    for number in range(count):
        verb, noun = dice.choice(VERBS), dice.choice(NOUNS)
        words = dice.choices(VOCABULARY, cum_weights=WEIGHTS, k=40)
        effects = (Effect("net", dice.choice(HOSTS)),) if dice.random() < 0.5 else ()
        yield Listing(
            repo_id=f"user{number % 3000}/{verb}-{noun}-{number}",
            commit=f"{number:040x}",
            name=f"{verb}_{noun}",
            description=f"{verb.title()} the {noun}. " + " ".join(words),
            inputs={"query": {"type": "string", "description": f"Which {noun} to {verb}."}},
            output_type=dice.choice(("string", "object", "array", "image")),
            effects=effects,
            verdict=dice.choice(("", "", "claimed", "verified")),
            likes=int(dice.paretovariate(1)) - 1,
            modified=f"2026-{number % 12 + 1:02}-01T00:00:00+00:00",
        )


def indexing(count: int) -> None:
    dice = random.Random(2)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index.sqlite"
        rows = list(synthetic(count))
        with Index(path) as index:
            cpu = time.process_time()
            seconds = timed(lambda: [index.put("hub", rows[n : n + 50]) for n in range(0, count, 50)])
            cpu = time.process_time() - cpu
        size = sum(p.stat().st_size for p in Path(folder).iterdir())
        print("\n| index of | built in | CPU | rate | size |\n|---|---|---|---|---|")
        print(
            f"| {count:,} | {seconds:.1f} s | {cpu:.1f} s | {count / seconds:,.0f}/s | {size / 1e6:.0f} MB |\n"
        )
        print(
            "| query of the index | p50 ms | p99 ms | p50 CPU ms | p99 CPU ms | found |\n|---|---|---|---|---|---|"
        )
        with Index(path) as index:
            for name, make in queries(dice).items():
                asked = [(query := make(), *stopwatch(index, query)) for _ in range(300)]
                wall, cpu = [row[1] for row in asked], [row[2] for row in asked]
                cells = [
                    f"{part:.1f}" for times in (wall, cpu) for part in (statistics.median(times), p99(times))
                ]
                found = statistics.median(row[3] for row in asked)
                print(f"| {name} | {' | '.join(cells)} | {found:.0f} |", flush=True)


def stopwatch(index: Index, query: Query) -> tuple[float, float, int]:
    """Milliseconds by the wall and of this thread, and how many were found."""
    wall, cpu = time.perf_counter(), time.thread_time()
    found = index.search("hub", query)
    return (time.perf_counter() - wall) * 1000, (time.thread_time() - cpu) * 1000, len(found)


def p99(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[98]


def queries(dice: random.Random) -> dict[str, Callable[[], Query]]:
    def word() -> str:
        return dice.choice(WORDS)

    return {
        "one frequent word": lambda: Query(word()),
        "two frequent words": lambda: Query(f"{word()} {word()}"),
        "a rare word": lambda: Query(f"term{dice.randrange(20_000)}"),
        "the beginning of a word": lambda: Query(word()[:3]),
        "a part of a word": lambda: Query(word()[1:5]),
        "a typing error": lambda: Query("x".join((word()[:3], word()[3:]))),
        "a word, and an effect": lambda: Query(word(), effects=(f"net:{dice.choice(HOSTS)}",)),
        "a word, without net, verified": lambda: Query(word(), without=("net",), verdict="verified"),
        "no word, one host": lambda: Query(host=dice.choice(HOSTS)),
    }


def loading(count: int) -> None:
    """Verify and load locked tools: with an empty store (cold), and from the store (warm)."""
    key = new_key()
    with tempfile.TemporaryDirectory() as folder, running(Path(folder) / "hub") as endpoint:
        home = Path(folder)
        hub = Hub(endpoint, cache=Blobs(home / "blobs"))
        jobs = [job_of(hub, f"acme/tool-{n}", signed(n, key)) for n in range(count)]
        check(publish_many(jobs))
        trust = ReaderTrust(TrustPolicy(), KnownSigners(home / "known.json"), ask=lambda *_: True)
        reader = Hub(endpoint)
        lock, first = Lock(), Store(home / "first")

        def get(repository: str, revision: str) -> Fetched:
            return fetch(reader, repository, revision)

        for job in jobs:
            lock, _ = add(
                parse_ref(job.repo_id),
                lock,
                fetch=get,
                trust=trust,
                store=first,
                hub=endpoint,
            )
        print(
            "\n| load locked tools | tools | seconds | ms per tool | CPU ms per tool | requests per tool |\n"
            "|---|---|---|---|---|---|"
        )
        store = Store(home / "second")
        for what in ("cold: fetched, verified, kept", "warm: verified from the store"):
            before, cpu = reader.requests, time.process_time()
            source = (lambda _: get) if what.startswith("cold") else None
            seconds = timed(lambda: load_tools(lock, store=store, policy=TrustPolicy(), fetch_from=source))  # noqa: B023
            cpu, sent = time.process_time() - cpu, (reader.requests - before) / count
            cells = f"{count} | {seconds:.2f} | {seconds / count * 1000:.1f} | {cpu / count * 1000:.1f} | {sent:.1f}"
            print(f"| {what} | {cells} |", flush=True)


def signed(number: int, key: Key) -> dict[str, bytes]:
    files = files_of(number)
    name = f"counter_{number}"
    manifest = to_bytes(
        build_manifest(
            repository=f"acme/tool-{number}",
            version="1.0.0",
            entry="Counter",
            files=files,
            definition=definition(name, f"Count the words of a text, the {number}th way.", INPUTS, "integer"),
            effects=EffectsSection(declared=()),
            checks=Checks(verdict="APPROVED", rule_packs=(RulePack(name="builtin", version="0", rules=1),)),
            harness=Harness(cases=Cases(passed=1), isolation=Isolation(tier="A")),
            versions=Versions(toolreg="0", smolagents="1.26.0", python=platform.python_version()),
            published_at=datetime.now(UTC),
        )
    )
    return {**files, "toolreg.json": manifest, "toolreg.json.sigstore": sign(manifest, key)}


if __name__ == "__main__":
    main()
