from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from toolreg.errors import Conflict, HubError, NotFound, UsageError
from toolreg.hub.blobs import blob_id
from toolreg.hub.client import Hub
from toolreg.hub.publish import Published, plan, publish, repo_name
from toolreg.hub.server.store import Store

REPO = "local/word-count"


def history(root: Path) -> list[str]:
    repository = Store(root).open(REPO)
    return [line.message.splitlines()[0] for line in repository.history(repository.resolve("main"))]


def test_a_new_tool_is_one_commit_and_a_tag_in_six_requests(
    hub: Hub, files: dict[str, bytes], root: Path
) -> None:
    done = publish(files, REPO, hub, "1.0.0")
    assert (done.changed, done.created, done.requests) == (True, True, 6)
    assert hub.read(REPO).blobs == {path: blob_id(data) for path, data in files.items()}
    assert hub.tags(REPO) == {"v1.0.0": done.commit}
    assert history(root) == ["Publish word-count v1.0.0", "initial commit"]


def test_publishing_the_same_again_changes_nothing_in_two_requests(
    hub: Hub, files: dict[str, bytes], root: Path
) -> None:
    first = publish(files, REPO, hub, "1.0.0")
    again = publish(files, REPO, hub, "1.0.0")
    assert (again.changed, again.commit, again.requests) == (False, first.commit, 2)
    assert len(history(root)) == 2


def test_a_published_version_never_changes(hub: Hub, files: dict[str, bytes], root: Path) -> None:
    publish(files, REPO, hub, "1.0.0")
    with pytest.raises(Conflict, match=r"v1\.0\.0 is already published with other content"):
        publish({**files, "tool.py": files["tool.py"] + b"\n"}, REPO, hub, "1.0.0")
    assert len(history(root)) == 2


def test_a_file_that_is_no_longer_published_is_removed(hub: Hub, files: dict[str, bytes]) -> None:
    publish({**files, "notes.txt": b"x\n"}, REPO, hub, "1.0.0")
    done = publish(files, REPO, hub, "1.0.1")
    assert done.removed == ("notes.txt",)
    assert set(hub.read(REPO).files) == set(files)


def test_a_lost_tag_is_set_by_publishing_again(hub: Hub, files: dict[str, bytes]) -> None:
    first = publish(files, REPO, hub)
    again = publish(files, REPO, hub, "1.0.0")
    assert (again.changed, hub.tags(REPO)) == (False, {"v1.0.0": first.commit})


def test_a_plan_says_what_would_be_done_and_does_nothing(hub: Hub, files: dict[str, bytes]) -> None:
    new = plan(files, REPO, hub, "1.0.0")
    assert (new.head, new.write) == ("", tuple(sorted(files)))
    with pytest.raises(NotFound):
        hub.read(REPO)
    publish(files, REPO, hub, "1.0.0")
    assert not plan(files, REPO, hub, "1.0.0").changes
    later = plan({**files, "tool.py": b"x = 1\n"}, REPO, hub, "1.1.0")
    assert (later.write, later.remove, later.tag) == (("tool.py",), (), "v1.1.0")


def test_of_two_publishers_with_different_content_one_wins_and_the_other_says_so(
    endpoint: str, files: dict[str, bytes]
) -> None:
    publish(files, REPO, Hub(endpoint))

    def run(number: int) -> Published | HubError:
        try:
            return publish({**files, "tool.py": files["tool.py"] + b"# %d\n" % number}, REPO, Hub(endpoint))
        except HubError as error:
            return error

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(run, range(4)))
    won = [r for r in results if isinstance(r, Published)]
    assert all(isinstance(r, Conflict) for r in results if r not in won)
    assert won
    assert Hub(endpoint).read(REPO).commit in [r.commit for r in won]


def test_two_publishers_of_the_same_content_make_one_commit(
    endpoint: str, files: dict[str, bytes], root: Path
) -> None:
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: publish(files, REPO, Hub(endpoint), "1.0.0"), range(4)))
    assert len({d.commit for d in done}) == 1
    assert len(history(root)) == 2


def test_a_pull_request_leaves_main_alone(hub: Hub, files: dict[str, bytes]) -> None:
    first = publish(files, REPO, hub, "1.0.0")
    done = publish({**files, "tool.py": b"x = 1\n"}, REPO, hub, "1.1.0", create_pr=True)
    assert done.pull_request.endswith("/discussions/1")
    assert hub.read(REPO).commit == first.commit
    assert hub.read(REPO, "refs/pr/1").commit == done.commit
    assert set(hub.tags(REPO)) == {"v1.0.0"}


@pytest.mark.parametrize("path", ["../x", "/x", "a//b", ".git/config", "a\\b", "a\nb", "C:x", "a/./b", ""])
def test_a_path_that_climbs_or_hides_is_not_published(hub: Hub, path: str) -> None:
    with pytest.raises(UsageError, match="cannot be published"):
        publish({path: b"x"}, REPO, hub)
    assert hub.requests == 0


@pytest.mark.parametrize(
    "files", [{}, {"a.py": b"\xff"}, {"a.py": b"x", "A.py": b"y"}, {"a": b"\0"}, {"a": b"x" * 5_000_000}]
)
def test_what_no_hub_should_keep_is_refused_before_any_request(hub: Hub, files: dict[str, bytes]) -> None:
    with pytest.raises(UsageError):
        publish(files, REPO, hub)
    assert hub.requests == 0


@pytest.mark.parametrize("version", ["1", "1.0", "v1.0.0", "1.0.0.0", "01.0.0"])
def test_a_version_is_three_numbers(hub: Hub, files: dict[str, bytes], version: str) -> None:
    with pytest.raises(UsageError, match="is no version"):
        publish(files, REPO, hub, version)


def test_a_repository_has_the_tools_name_with_dashes() -> None:
    assert repo_name("city_weather") == "city-weather"


def test_a_missing_repository_is_not_found(hub: Hub) -> None:
    with pytest.raises(NotFound, match="has no such repository"):
        hub.read("local/nothing")


def test_a_path_that_huggingface_hub_does_not_send_is_one_line(hub: Hub) -> None:
    hub.create(REPO)
    head = hub.read(REPO).commit
    with pytest.raises(UsageError, match="cannot commit to local/word-count"):
        hub.commit(REPO, {".git/config": b"x"}, [], message="m", parent=head)
