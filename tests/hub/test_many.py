from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from toolreg.errors import ConfigError, Conflict, RateLimited, UsageError
from toolreg.hub.blobs import Blobs
from toolreg.hub.client import Hub
from toolreg.hub.fetch import fetch
from toolreg.hub.many import Job, publish_many
from toolreg.hub.model import Absent
from toolreg.hub.publish import Published, publish
from toolreg.hub.server.limits import Limits

FILES = {"tool.py": b"x = 1\n"}


def job(
    hub: Hub, repo_id: str, files: Mapping[str, bytes], version: str = "1.0.0", **more: Any
) -> Job[Published]:
    digest = sha256(repr((repo_id, sorted(files.items()), version)).encode()).hexdigest()
    return Job(repo_id, digest, partial(publish, files, repo_id, hub, version, **more))


def jobs(hub: Hub, count: int) -> list[Job[Published]]:
    return [job(hub, f"local/tool-{n}", {"tool.py": b"x = %d\n" % n}) for n in range(count)]


def test_many_are_published_each_in_six_requests(hub: Hub) -> None:
    seen: list[int] = []
    outcomes = publish_many(jobs(hub, 12), progress=lambda done, _, __: seen.append(done))
    assert [o.job.repo_id for o in outcomes] == [f"local/tool-{n}" for n in range(12)]
    assert all(o.done and o.done.requests == 6 for o in outcomes)
    assert hub.requests == 12 * 6
    assert seen == list(range(1, 13))
    again = publish_many(jobs(hub, 12))
    assert all(o.done and not o.done.changed and o.done.requests == 2 for o in again)


def test_one_failure_does_not_stop_the_rest(hub: Hub) -> None:
    publish({"tool.py": b"other\n"}, "local/tool-1", hub, "1.0.0")
    outcomes = publish_many([*jobs(hub, 3), job(hub, "no-namespace", FILES)])
    assert [type(o.error) for o in outcomes] == [type(None), Conflict, type(None), UsageError]


def test_a_report_lets_the_next_run_skip_what_is_done(hub: Hub, tmp_path: Path) -> None:
    report = tmp_path / "report.jsonl"
    first = publish_many(jobs(hub, 3), report=report)
    with report.open("ab") as file:
        file.write(b'{"status":"publ')  # a crash in the middle of a line
    before = hub.requests
    outcomes = publish_many(jobs(hub, 4), report=report)
    commits = [(o.done.commit, "1.0.0") for o in first if o.done]
    assert [o.earlier for o in outcomes] == [*commits, None]
    assert hub.requests - before == 6
    rows = [json.loads(line) for line in report.read_text().splitlines() if line.endswith("}")]
    assert {r["status"] for r in rows} == {"published"}
    assert publish_many([job(hub, "local/tool-0", FILES, "1.1.0")], report=report)[0].earlier is None


def test_what_failed_is_in_the_report_and_tried_again(hub: Hub, tmp_path: Path) -> None:
    report = tmp_path / "report.jsonl"
    for _ in range(2):
        (outcome,) = publish_many([job(hub, "no-namespace", FILES)], report=report)
        assert isinstance(outcome.error, UsageError)
    rows = [json.loads(line) for line in report.read_text().splitlines() if line]
    assert [r["status"] for r in rows] == ["failed", "failed"]


def test_a_report_that_cannot_be_kept_stops_all_before_it_begins(hub: Hub, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no report can be kept: Is a directory"):
        publish_many(jobs(hub, 1), report=tmp_path)
    assert hub.requests == 0


def test_an_interruption_begins_nothing_more(hub: Hub) -> None:
    def interrupted() -> Published:
        raise KeyboardInterrupt

    todo = [*jobs(hub, 1), Job("local/x", "x", interrupted), *jobs(hub, 30)[1:]]
    with pytest.raises(KeyboardInterrupt):
        publish_many(todo, workers=1)
    assert hub.requests <= 15 * 6


def test_a_rate_limit_that_is_too_long_ends_the_run(serve: Callable[..., str], root: Path) -> None:
    hub = Hub(serve(root, limits=Limits(api=14)), patience=0)
    outcomes = publish_many(jobs(hub, 6), workers=1)
    assert [o.error is None for o in outcomes] == [True, True, False, False, False, False]
    assert all(isinstance(o.error, RateLimited) for o in outcomes[2:])
    assert hub.requests == 15


def test_what_was_seen_is_not_looked_at_again(hub: Hub) -> None:
    new = publish(FILES, "local/a", hub, "1.0.0", seen=Absent())
    assert (new.created, new.requests) == (True, 5)
    seen = fetch(hub, "local/a").remote
    assert publish(FILES, "local/a", hub, "1.0.0", seen=seen).requests == 1
    publish({"tool.py": b"by somebody else\n"}, "local/a", hub)
    outcome = publish_many([job(hub, "local/a", {"tool.py": b"mine\n"}, "1.1.0", seen=seen)])
    assert isinstance(outcome[0].error, Conflict)


def test_a_file_is_downloaded_once(endpoint: str, tmp_path: Path) -> None:
    hub = Hub(endpoint, cache=Blobs(tmp_path / "blobs"))
    publish(FILES, "local/a", hub)
    reader = Hub(endpoint, cache=Blobs(tmp_path / "other"))
    assert fetch(reader, "local/a").files == FILES
    before = reader.requests
    assert fetch(reader, "local/a").files == FILES
    assert reader.requests - before == 1
    for path in (tmp_path / "other").rglob("*"):
        if path.is_file():
            path.write_bytes(b"spoilt")
    assert fetch(reader, "local/a").files == FILES
    assert fetch(hub, "local/a").files == FILES
