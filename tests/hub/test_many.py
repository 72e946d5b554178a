from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from toolreg.errors import Conflict, RateLimited, UsageError
from toolreg.hub.blobs import Blobs
from toolreg.hub.client import Hub
from toolreg.hub.fetch import fetch
from toolreg.hub.many import Job, failures, publish_many
from toolreg.hub.model import Absent
from toolreg.hub.publish import publish
from toolreg.hub.server.limits import Limits

FILES = {"tool.py": b"x = 1\n"}


def jobs(count: int) -> list[Job]:
    return [Job(f"local/tool-{n}", {"tool.py": b"x = %d\n" % n}, "1.0.0") for n in range(count)]


def test_many_are_published_each_in_six_requests(hub: Hub) -> None:
    seen: list[int] = []
    outcomes = publish_many(jobs(12), hub, progress=lambda done, _, __: seen.append(done))
    assert [o.job.repo_id for o in outcomes] == [f"local/tool-{n}" for n in range(12)]
    assert all(o.published and o.published.requests == 6 for o in outcomes)
    assert hub.requests == 12 * 6
    assert seen == list(range(1, 13))
    again = publish_many(jobs(12), hub)
    assert all(o.published and not o.published.changed and o.published.requests == 2 for o in again)


def test_one_failure_does_not_stop_the_rest(hub: Hub) -> None:
    publish({"tool.py": b"other\n"}, "local/tool-1", hub, "1.0.0")
    todo = [*jobs(3), Job("no-namespace", FILES)]
    outcomes = publish_many(todo, hub)
    assert [type(o.error) for o in outcomes] == [type(None), Conflict, type(None), UsageError]
    assert len(failures(outcomes)) == 2


def test_a_report_lets_the_next_run_skip_what_is_done(hub: Hub, tmp_path: Path) -> None:
    report = tmp_path / "report.jsonl"
    publish_many(jobs(3), hub, report=report)
    with report.open("ab") as file:
        file.write(b'{"status":"publ')  # a crash in the middle of a line
    before = hub.requests
    outcomes = publish_many(jobs(4), hub, report=report)
    assert [o.skipped for o in outcomes] == [True, True, True, False]
    assert hub.requests - before == 6
    rows = [json.loads(line) for line in report.read_text().splitlines() if line.endswith("}")]
    assert {r["status"] for r in rows} == {"published"}
    assert publish_many([Job("local/tool-0", FILES, "1.1.0")], hub, report=report)[0].skipped is False


def test_a_rate_limit_that_is_too_long_ends_the_run(serve: Callable[..., str], root: Path) -> None:
    hub = Hub(serve(root, limits=Limits(api=14)), patience=0)
    outcomes = publish_many(jobs(6), hub, workers=1)
    assert [o.error is None for o in outcomes] == [True, True, False, False, False, False]
    assert all(isinstance(o.error, RateLimited) for o in outcomes[2:])
    assert hub.requests == 15


def test_what_was_seen_is_not_looked_at_again(hub: Hub) -> None:
    new = publish(FILES, "local/a", hub, "1.0.0", seen=Absent())
    assert (new.created, new.requests) == (True, 5)
    seen = fetch(hub, "local/a").remote
    assert publish(FILES, "local/a", hub, "1.0.0", seen=seen).requests == 1
    publish({"tool.py": b"by somebody else\n"}, "local/a", hub)
    outcome = publish_many([Job("local/a", {"tool.py": b"mine\n"}, "1.1.0")], hub, seen=seen)
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
