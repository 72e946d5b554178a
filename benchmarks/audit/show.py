"""One command to see it all: thousands of tools audited on a Dask cluster of two workers, and the report opened.

    python benchmarks/audit/show.py [--corpus LIST.tsv --cache FOLDER] [--generated N] [--check] [--out FOLDER]
                                    [--pictures FOLDER] [--no-open]

The generated tools are the reference tools under other names. --corpus: real tools of PyPI packages, a table with
the columns source (NAME==VERSION), path and tool_name; wheels are fetched with `pip download --no-deps` and
unpacked, and nothing of them is installed or imported. The cluster is this machine's own, on loopback.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import shutil
import subprocess
import sys
import time
import webbrowser
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from toolreg.audit import AuditOptions, Summary, audit, write_gallery
from toolreg.audit.auditing import Progress
from toolreg.audit.journal import read_rows
from toolreg.audit.rows import TOOLS

REFERENCE = Path(__file__).parents[2] / "tools"
VIEWS = {
    "desktop": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light", "device_scale_factor": 2},
}


def main(argv: Sequence[str] | None = None) -> int:
    given = _arguments(argv)
    tools = given.out / "tools"
    shutil.rmtree(tools, ignore_errors=True)
    generate(given.generated, tools / "generated")
    listed = real(given.corpus, given.cache, tools / "real") if given.corpus else set()
    with cluster() as address:
        started = time.perf_counter()
        options = AuditOptions(check=given.check)
        summary = audit(str(tools), given.out / "results", options, engine_name=address, on_progress=_tell)
        seconds = time.perf_counter() - started
    pages = write_gallery(
        given.out / "results", given.out / "pages", title=_title(given.generated, len(listed))
    )
    _say(summary, seconds, listed, given.out / "results" / TOOLS)
    if given.pictures:
        pictures(pages.index, given.pictures)
    if not given.no_open:
        webbrowser.open(pages.index.resolve().as_uri())
    sys.stdout.write(f"open {pages.index}\n")
    return 0


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--cache", type=Path, default=Path("corpus-cache"))
    parser.add_argument("--generated", type=int, default=2000)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--out", type=Path, default=Path("audit-show"))
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("--no-open", action="store_true")
    return parser.parse_args(argv)


def generate(count: int, folder: Path, only: str = "") -> None:
    """`count` different tools made of the reference tools, or of one of them, with what stands beside those."""
    bodies = [(path.stem, path.read_text()) for path in sorted(REFERENCE.glob(f"{only or '*'}.py"))]
    for number in range(count):
        stem, source = bodies[number % len(bodies)]
        place, name = folder / f"team{number % 50:02d}", f"{stem}_{number:05d}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{name}.py").write_text(source.replace(stem, name))
        for beside in REFERENCE.glob(f"{stem}.*"):
            if beside.is_dir():
                shutil.copytree(beside, place / f"{name}.files", dirs_exist_ok=True)
            elif beside.suffix == ".json":
                shutil.copy(beside, place / f"{name}.responses.json")


def real(listed: Path, cache: Path, folder: Path) -> set[tuple[str, str]]:
    """Unpack the packages of a list below `folder`; gives (path below it, name) of every tool on the list."""
    with listed.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    for requirement in sorted({row["source"] for row in rows}):
        with zipfile.ZipFile(_wheel(requirement, cache)) as archive:
            names = [name for name in archive.namelist() if name.endswith(".py")]
            archive.extractall(folder / requirement, names)
    return {(f"real/{row['source']}/{row['path']}", row["tool_name"]) for row in rows}


def _wheel(requirement: str, cache: Path) -> Path:
    name, version = requirement.split("==")
    found = sorted((cache / "wheels").glob(f"{name}-{version}-*.whl"))
    if not found:
        # Only wheels: to ask a source distribution for its metadata would run it.
        options = ["-q", "--no-deps", "--only-binary", ":all:", "-d", str(cache / "wheels")]
        subprocess.run([*_pip(), "download", *options, requirement], check=True)
        found = sorted((cache / "wheels").glob(f"{name}-{version}-*.whl"))
    return found[0]


def _pip() -> list[str]:
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    return [shutil.which("pip") or shutil.which("pip3") or "pip"]


@contextmanager
def cluster() -> Iterator[str]:
    """Two workers of one thread each on loopback; gives the engine's name."""
    from distributed import LocalCluster

    made = LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
    )
    try:
        yield made.scheduler_address.replace("tcp://", "dask://")
    finally:
        made.close()


def _title(generated: int, real_ones: int) -> str:
    return f"{generated:,} generated tools" + (f" and {real_ones:,} real ones" if real_ones else "")


def _tell(done: Progress) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{done.files:,} files, {done.tools:,} tools")


def _say(summary: Summary, seconds: float, listed: set[tuple[str, str]], rows: Path) -> None:
    found = {(row["path"], row["tool"]) for row in read_rows(rows)}
    verdicts = ", ".join(f"{count:,} {name}" for name, count in summary.verdicts.items())
    sys.stdout.write(
        f"{summary.tools:,} tools in {summary.facts['files']:,} files in {seconds:.1f} s: {summary.tools / seconds:.0f} tools a second"
        f" with two workers\n{verdicts}; {summary.clean:,} of them clean but not tried; {summary.not_judged} files not judged\n"
    )
    if listed:
        sys.stdout.write(f"{len(listed & found)} of the {len(listed)} listed real tools were found\n")


def pictures(index: Path, folder: Path) -> None:
    """The index and a tool's page on a desk, in the dark and on a phone, as PNG. Needs playwright and chromium."""
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, view in VIEWS.items():
            page = browser.new_context(**view).new_page()  # type: ignore[arg-type]
            page.goto(index.resolve().as_uri())
            page.wait_for_selector("#list li")
            page.screenshot(path=folder / f"{name}-index.png")
            _world(page, folder / f"{name}-world.png")
            page.select_option("#verdict", "BLOCKED")
            page.locator("#list > li", has_text="blocked").first.get_by_role("link").click()
            page.wait_for_load_state()
            page.screenshot(path=folder / f"{name}-tool.png", full_page=name == "desktop")
        browser.close()


def _world(page: Any, path: Path) -> None:
    page.locator("#world").scroll_into_view_if_needed()
    page.evaluate("document.getElementById('world').scrollIntoView()")
    page.screenshot(path=path)


if __name__ == "__main__":
    raise SystemExit(main())
