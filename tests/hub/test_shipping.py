"""The whole chain costs a Hub no more requests than a bare publish, and mends what a crash left out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest

from toolreg.hub.client import Hub
from toolreg.hub.server.limits import Limits
from toolreg.manifest.keys import new_key
from toolreg.pipeline import check_paths
from toolreg.shipping import ship

TOOL = Path(__file__).parent.parent.parent / "tools" / "word_count.py"


def test_a_checked_tool_takes_six_requests_and_an_unchanged_one_two(
    serve: Callable[..., str], root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    limits = Limits(10**9, 10**9)
    endpoint, key, checked = serve(root, limits=limits), new_key(), check_paths([str(TOOL)])
    (first,) = ship(checked, to=endpoint, namespace="local", by=key)
    assert (first.status, first.version, limits.count()) == ("published", "1.0.0", 6)
    (again,) = ship(checked, to=endpoint, namespace="local", by=key)
    assert (again.status, again.commit, limits.count()) == ("unchanged", first.commit, 8)
    # As if the publisher had died between its commit and its tag.
    assert httpx2.delete(f"{endpoint}/api/spaces/local/word-count/tag/v1.0.0").is_success
    assert ship(checked, to=endpoint, namespace="local", by=key)[0].status == "unchanged"
    assert Hub(endpoint).tags("local/word-count") == {"v1.0.0": first.commit}


def test_a_proposal_is_a_pull_request(
    serve: Callable[..., str], root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    endpoint, checked = serve(root), check_paths([str(TOOL)])
    (first,) = ship(checked, to=endpoint, namespace="local", by=new_key())
    (other,) = ship(checked, to=endpoint, namespace="local", by=new_key(), create_pr=True)
    assert (other.status, other.detail.rsplit("/", 1)[1]) == ("published", "1")
    assert Hub(endpoint).read("local/word-count").commit == first.commit


def test_a_gradio_space_is_refused_for_a_tool_that_the_demo_cannot_show(
    serve: Callable[..., str], root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    endpoint = serve(root)
    notes = TOOL.parent / "save_note.py"
    counted, noted = ship(
        check_paths([str(TOOL), str(notes)]), to=endpoint, namespace="local", by=new_key(), sdk="gradio"
    )
    assert (counted.status, noted.status) == ("failed", "published")
    assert "no gradio form" in counted.detail
    assert Hub(endpoint).read("local/save-note").files.keys() >= {"app.py", "tool.py", "toolreg.json"}
    (space,) = Hub(endpoint).spaces(author="local")
    assert space.sdk == "gradio"


def test_a_report_spares_what_was_published_and_only_that(
    serve: Callable[..., str], root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    limits, report = Limits(10**9, 10**9), tmp_path / "report.jsonl"
    endpoint, key, checked = serve(root, limits=limits), new_key(), check_paths([str(TOOL)])
    (first,) = ship(checked, to=endpoint, namespace="local", by=key, report=report)
    before = limits.count()
    (again,) = ship(checked, to=endpoint, namespace="local", by=key, report=report)
    assert (again.status, again.commit, again.version) == ("unchanged", first.commit, "1.0.0")
    assert limits.count() == before
    # Elsewhere, or by somebody else, is another publication.
    (elsewhere,) = ship(checked, to=endpoint, namespace="other", by=key, report=report)
    (by_another,) = ship(checked, to=endpoint, namespace="local", by=new_key(), report=report)
    assert (elsewhere.status, by_another.status) == ("published", "published")
