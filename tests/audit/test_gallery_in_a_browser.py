"""The pages as people meet them: in headless Chromium, from the disk, on a phone, in the dark, by keyboard."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from toolreg.audit.gallery import write_gallery

playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install '.[browser]'")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.skipif(
        CHROMIUM is None and not os.environ.get("CI_BROWSER"),
        reason="needs chromium: apt-get install chromium",
    ),
    pytest.mark.xdist_group("browser"),
]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, make: Any) -> Path:
    folder = tmp_path_factory.mktemp("gallery")
    audit = make.finished(
        folder / "audit",
        map(_with_versions, make.many(300)),
        lambda t: [make.finding(t)] if t["verdict"] == "BLOCKED" else [],
    )
    return write_gallery(audit, folder / "out", title="Tools of Acme").index


def _with_versions(tool: Any) -> Any:
    """The tool whose page is looked at has every kind of version."""
    if tool["tool"] != "tool_00033":
        return tool
    changes = [
        {"what": "effect", "text": "net:" + "a" * 60 + ".example.com", "added": True, "step": "major"},
        {"what": "input", "text": "text", "added": False, "step": "major"},
        {"what": "file", "text": "tool.py", "added": None, "step": "patch"},
    ]
    made = {"date": "2026-11-22T12:00:00Z", "signer": "SHA256:" + "x" * 43}
    versions = [
        {**made, "commit": "c" * 40, "version": "2.0.0", "changes": changes, "code": "+" + "y" * 200},
        {"commit": "b" * 40, "date": made["date"], "problem": "tool.py differs from what was approved"},
        {**made, "commit": "a" * 40, "version": "1.0.0"},
    ]
    return {**tool, "origin": {"repository": "acme/tool", "versions": versions}}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(params=["desk, light", "phone, dark"])
def page(request: pytest.FixtureRequest, browser: Any, pages: Path) -> Iterator[Any]:
    phone = request.param.startswith("phone")
    size = {"width": 390, "height": 844} if phone else {"width": 1200, "height": 900}
    context = browser.new_context(color_scheme="dark" if phone else "light", viewport=size)
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("request", lambda r: page.complaints.append(r.url) if not r.url.startswith("file:") else None)
    page.goto(pages.as_uri())
    count(page, "300 of 300 tools")
    yield page
    assert page.complaints == []
    context.close()


def count(page: Any, wanted: str) -> None:
    playwright.expect(page.locator("#count")).to_have_text(wanted)


def test_search_and_filters_narrow_the_list(page: Any) -> None:
    count(page, "300 of 300 tools")
    page.fill("#q", "thing TOOL_00077")
    count(page, "1 of 300 tools")
    page.click("#clear")
    page.select_option("#verdict", "BLOCKED")
    count(page, "28 of 300 tools")
    page.select_option("#kind", "net")
    count(page, "10 of 300 tools")
    assert "verdict=BLOCKED" in page.url


def test_the_address_remembers_the_search(page: Any, pages: Path) -> None:
    page.goto(pages.as_uri() + "#kind=pure")
    playwright.expect(page.locator("#kind")).to_have_value("pure")
    count(page, "28 of 300 tools")


def test_it_is_worked_by_keyboard_alone(page: Any) -> None:
    page.keyboard.press("/")
    page.keyboard.type("tool_00042")
    count(page, "1 of 300 tools")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('#list') !== null"):
            break
    page.keyboard.press("Enter")
    playwright.expect(page.locator("h1")).to_have_text("tool_00042")


def test_more_shows_more_and_keeps_the_place(page: Any) -> None:
    page.click("#more")
    assert page.locator("#list > li").count() == 50
    assert page.evaluate("document.activeElement.textContent") == "tool_00025"


def test_nothing_is_wider_than_the_screen(page: Any, pages: Path) -> None:
    for path in (pages, next((pages.parent / "tools").glob("tool-00033-*"))):
        page.goto(path.as_uri())
        for closed in page.locator("summary").all():
            closed.click()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_axe_finds_nothing_serious(page: Any, pages: Path) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="needs axe-playwright-python"
    ).Axe()
    for path in (pages, next((pages.parent / "tools").glob("tool-00033-*"))):
        page.goto(path.as_uri())
        for closed in page.locator("summary").all():
            closed.click()
        found = axe.run(page, options={"preload": False}).response["violations"]
        assert [(v["id"], v["impact"], v["nodes"][0]["html"]) for v in found] == []
