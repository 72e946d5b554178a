"""The embedded Hub as huggingface_hub's own client sees it, and as a browser or git does."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest
from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi
from huggingface_hub.errors import (
    EntryNotFoundError,
    HfHubHTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from toolreg.errors import HubError
from toolreg.hub.client import Hub
from toolreg.hub.publish import publish
from toolreg.hub.server import running
from toolreg.hub.server.access import Access
from toolreg.hub.server.limits import Limits
from toolreg.hub.server.store import Store, is_name

REPO = "local/word-count"


@pytest.fixture
def api(endpoint: str) -> HfApi:
    return HfApi(endpoint=endpoint, token=False)


@pytest.fixture
def made(api: HfApi) -> HfApi:
    api.create_repo(REPO, repo_type="space", space_sdk="static")
    return api


def commit(api: HfApi, files: dict[str, bytes], **options: object) -> str:
    operations = [CommitOperationAdd(path, data) for path, data in files.items()]
    return api.create_commit(REPO, operations, commit_message="change", repo_type="space", **options).oid


def status(error: pytest.ExceptionInfo[HfHubHTTPError]) -> int:
    return error.value.response.status_code


def test_a_new_space_holds_what_the_hub_puts_into_one(made: HfApi) -> None:
    info = made.space_info(REPO, files_metadata=True)
    assert sorted(s.rfilename for s in info.siblings or []) == [
        ".gitattributes",
        "README.md",
        "index.html",
        "style.css",
    ]
    assert (info.sdk, info.author, info.private) == ("static", "local", False)
    assert all(s.blob_id and s.size for s in info.siblings or [])


def test_a_space_is_made_once_and_the_second_time_its_url_is_told(made: HfApi, endpoint: str) -> None:
    with pytest.raises(HfHubHTTPError, match="You already created this space repo") as error:
        made.create_repo(REPO, repo_type="space", space_sdk="static")
    assert status(error) == 409
    again = made.create_repo(REPO, repo_type="space", space_sdk="static", exist_ok=True)
    assert str(again) == f"{endpoint}/spaces/{REPO}"


@pytest.mark.parametrize("name", ["a..b", "-a", "a.git", "a--b", "x" * 97, "a/../b", ".hidden"])
def test_a_name_the_hub_refuses_is_refused_here(endpoint: str, name: str) -> None:
    body = {"name": name, "type": "space", "sdk": "static", "organization": "local"}
    assert httpx2.post(f"{endpoint}/api/repos/create", json=body).status_code == 400
    assert not is_name(name.split("/")[-1]) or "/" in name


def test_a_stale_parent_is_412_and_nothing_changes(made: HfApi) -> None:
    first = made.space_info(REPO).sha
    second = commit(made, {"a.txt": b"1"}, parent_commit=first)
    with pytest.raises(HfHubHTTPError, match="branch was updated since you opened") as error:
        commit(made, {"a.txt": b"2"}, parent_commit=first)
    assert (status(error), made.space_info(REPO).sha) == (412, second)


def test_a_commit_adds_changes_and_removes_at_once(made: HfApi) -> None:
    commit(made, {"a/b.txt": b"1", "a/c.txt": b"2", "d.txt": b"3"})
    operations = [CommitOperationAdd("d.txt", b"4"), CommitOperationDelete("a/", is_folder=True)]
    made.create_commit(REPO, operations, commit_message="x", repo_type="space")
    names = {f.path for f in made.list_repo_tree(REPO, repo_type="space", recursive=True)}
    assert "d.txt" in names
    assert not {n for n in names if n.startswith("a")}
    with pytest.raises(EntryNotFoundError):
        made.create_commit(REPO, [CommitOperationDelete("none.txt")], commit_message="x", repo_type="space")


def test_a_readme_with_a_broken_card_is_refused(made: HfApi, endpoint: str) -> None:
    with pytest.raises(ValueError, match="Invalid metadata in README"):
        commit(made, {"README.md": b"---\ntags: {\n---\n"})
    bomb = "---\na: &a [x]\nb: [*a]\n---\n"
    answer = httpx2.post(f"{endpoint}/api/validate-yaml", json={"content": bomb, "repoType": "space"})
    assert (answer.status_code, "aliases" in answer.text) == (400, True)


def test_what_is_asked_for_at_a_path_exists_or_is_left_out(made: HfApi) -> None:
    commit(made, {"a/b.txt": b"12345"})
    found = made.get_paths_info(REPO, ["a/b.txt", "a", "none"], repo_type="space")
    assert [f.path for f in found] == ["a/b.txt", "a"]
    assert found[0].size == 5


def test_a_tree_comes_in_pages_with_links(made: HfApi, endpoint: str) -> None:
    commit(made, {f"f{n:02}.txt": b"x" for n in range(12)})
    url = f"{endpoint}/api/spaces/{REPO}/tree/main?limit=5"
    names: list[str] = []
    while url:
        page = httpx2.get(url)
        names += [row["path"] for row in page.json()]
        url = page.links.get("next", {}).get("url", "")
    assert len(names) == len(set(names)) == 16
    assert httpx2.get(f"{endpoint}/api/spaces/{REPO}/tree/main?limit=5000").status_code == 400


def test_errors_carry_the_codes_that_huggingface_hub_reads(made: HfApi, endpoint: str) -> None:
    with pytest.raises(RepositoryNotFoundError):
        made.space_info("local/none")
    with pytest.raises(RevisionNotFoundError):
        made.space_info(REPO, revision="none")
    with pytest.raises(EntryNotFoundError):
        made.hf_hub_download(REPO, "none.py", repo_type="space")
    assert httpx2.get(f"{endpoint}/api/spaces/{REPO}?expand=nonsense").status_code == 400
    assert httpx2.get(f"{endpoint}/api/models/a/b").headers["x-error-code"] == "RepoNotFound"


def test_a_file_is_served_with_its_commit_and_etag(made: HfApi, endpoint: str) -> None:
    head = commit(made, {"a.txt": b"hello world"})
    url = f"{endpoint}/spaces/{REPO}/resolve/main/a.txt"
    answer = httpx2.get(url)
    assert (answer.content, answer.headers["x-repo-commit"]) == (b"hello world", head)
    assert httpx2.get(url, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    part = httpx2.get(url, headers={"Range": "bytes=6-"})
    assert (part.status_code, part.content) == (206, b"world")
    assert httpx2.get(url, headers={"Range": "bytes=50-60"}).status_code == 416
    assert httpx2.head(url).headers["content-length"] == "11"


def test_tags_and_branches_are_made_once(made: HfApi) -> None:
    head = made.space_info(REPO).sha
    made.create_tag(REPO, tag="v1.0.0", repo_type="space")
    with pytest.raises(HfHubHTTPError) as error:
        made.create_tag(REPO, tag="v1.0.0", repo_type="space")
    assert status(error) == 409
    made.create_branch(REPO, branch="try/this", repo_type="space")
    refs = made.list_repo_refs(REPO, repo_type="space")
    assert {(b.name, b.target_commit) for b in refs.branches} == {("main", head), ("try/this", head)}
    made.delete_branch(REPO, branch="try/this", repo_type="space")
    made.delete_tag(REPO, tag="v1.0.0", repo_type="space")
    assert made.list_repo_refs(REPO, repo_type="space").tags == []
    with pytest.raises(RevisionNotFoundError):
        made.delete_tag(REPO, tag="v1.0.0", repo_type="space")


@pytest.mark.parametrize("tag", ["../../x", "a..b", "a b", "x.lock", "a\x01"])
@pytest.mark.usefixtures("made")
def test_a_tag_that_git_refuses_is_refused(endpoint: str, tag: str) -> None:
    answer = httpx2.post(f"{endpoint}/api/spaces/{REPO}/tag/main", json={"tag": tag})
    assert answer.status_code == 400


def test_a_pull_request_is_proposed_seen_and_merged(made: HfApi) -> None:
    before = made.space_info(REPO).sha
    done = made.create_commit(
        REPO, [CommitOperationAdd("n.txt", b"1")], commit_message="Add n", repo_type="space", create_pr=True
    )
    assert (done.pr_num, made.space_info(REPO).sha) == (1, before)
    assert made.space_info(REPO, revision="refs/pr/1").sha == done.oid
    details = made.get_discussion_details(REPO, 1, repo_type="space")
    assert (details.title, details.status, details.is_pull_request) == ("Add n", "open", True)
    assert [d.num for d in made.get_repo_discussions(REPO, repo_type="space")] == [1]
    made.merge_pull_request(REPO, 1, repo_type="space")
    assert made.space_info(REPO).sha == done.oid
    assert made.get_discussion_details(REPO, 1, repo_type="space").status == "merged"


def test_the_history_is_told_newest_first(made: HfApi) -> None:
    commit(made, {"a.txt": b"1"})
    assert [c.title for c in made.list_repo_commits(REPO, repo_type="space")] == ["change", "initial commit"]


def test_a_renamed_space_is_found_by_both_names(made: HfApi) -> None:
    made.move_repo(REPO, "local/counter", repo_type="space")
    assert made.space_info("local/counter").sha == made.space_info(REPO).sha
    with pytest.raises(HfHubHTTPError):
        made.move_repo("local/counter", "local/counter", repo_type="space")
    made.delete_repo("local/counter", repo_type="space")
    with pytest.raises(RepositoryNotFoundError):
        made.space_info("local/counter")


def test_the_list_is_filtered_searched_sorted_and_cut(api: HfApi, endpoint: str) -> None:
    for name, tags in (
        ("alpha", "[smolagents, tool]"),
        ("beta", "[tool]"),
        ("gamma", "[smolagents, tool, x]"),
    ):
        api.create_repo(f"local/{name}", repo_type="space", space_sdk="static")
        card = f"---\ntitle: {name}\nsdk: static\ntags: {tags}\n---\n".encode()
        api.create_commit(
            f"local/{name}", [CommitOperationAdd("README.md", card)], commit_message="x", repo_type="space"
        )
    both = [s.id for s in api.list_spaces(filter=["smolagents", "tool"], sort="created_at")]
    assert both == ["local/gamma", "local/alpha"]
    assert [s.id for s in api.list_spaces(search="BET")] == ["local/beta"]
    assert [s.id for s in api.list_spaces(author="nobody")] == []
    assert len(list(api.list_spaces(limit=2))) == 2
    full = next(iter(api.list_spaces(search="alpha", full=True)))
    assert full.sha == api.space_info("local/alpha").sha
    assert full.card_data is not None
    pages = httpx2.get(f"{endpoint}/api/spaces?limit=1&filter=tool&filter=smolagents")
    following = httpx2.get(pages.links["next"]["url"])
    assert len({pages.json()[0]["id"], following.json()[0]["id"]}) == 2
    assert httpx2.get(f"{endpoint}/api/spaces?limit=2000").status_code == 400
    found = [r.id for r in api.search_spaces("gamma")]
    assert found == ["local/gamma"]


def test_a_collection_names_its_spaces_in_order(api: HfApi, endpoint: str) -> None:
    for name in ("beta", "alpha"):
        api.create_repo(f"local/{name}", repo_type="space", space_sdk="static")
    made = api.create_collection("Nice tools", namespace="local")
    for name in ("beta", "alpha"):
        api.add_collection_item(made.slug, f"local/{name}", "space", note="good")
    with pytest.raises(HfHubHTTPError) as error:
        api.add_collection_item(made.slug, "local/alpha", "space")
    assert status(error) == 409
    assert [i.item_id for i in api.get_collection(made.slug).items] == ["local/beta", "local/alpha"]
    api.delete_repo("local/beta", repo_type="space")
    assert Hub(endpoint).collection(made.slug) == ("local/alpha",)
    api.delete_collection(made.slug)
    with pytest.raises(HfHubHTTPError):
        api.get_collection(made.slug)


def test_users_own_their_namespaces_and_private_spaces(serve: Callable[..., str], root: Path) -> None:
    access = Access(root)
    token, other, reader = (
        access.add("ann", organizations=("acme",)),
        access.add("bob"),
        access.add("eve", role="read"),
    )
    endpoint = serve(root)
    ann, bob = HfApi(endpoint=endpoint, token=token), HfApi(endpoint=endpoint, token=other)
    assert (ann.whoami()["name"], [o["name"] for o in ann.whoami()["orgs"]]) == ("ann", ["acme"])
    ann.create_repo("acme/open", repo_type="space", space_sdk="static")
    ann.create_repo("ann/secret", repo_type="space", space_sdk="static", private=True)
    ann.auth_check("ann/secret", repo_type="space")
    for api in (bob, HfApi(endpoint=endpoint, token=False)):
        with pytest.raises(RepositoryNotFoundError):
            api.space_info("ann/secret")
        assert [s.id for s in api.list_spaces()] == ["acme/open"]
    with pytest.raises(HfHubHTTPError) as error:
        bob.create_repo("acme/mine", repo_type="space", space_sdk="static")
    assert status(error) == 403
    with pytest.raises(HfHubHTTPError) as error:
        HfApi(endpoint=endpoint, token=reader).create_repo("eve/x", repo_type="space", space_sdk="static")
    assert status(error) == 403
    with pytest.raises(HfHubHTTPError) as error:
        HfApi(endpoint=endpoint, token=False).create_repo("x/y", repo_type="space", space_sdk="static")
    assert status(error) == 401
    with pytest.raises(HfHubHTTPError, match="Invalid user token"):
        HfApi(endpoint=endpoint, token="hf_wrong").whoami()
    ann.update_repo_settings("ann/secret", private=False, repo_type="space")
    assert bob.space_info("ann/secret").private is False
    assert (
        bob.create_commit(
            "acme/open", [CommitOperationAdd("a", b"")], commit_message="m", repo_type="space", create_pr=True
        ).pr_num
        == 1
    )
    kept = (root / "users.json").read_bytes()
    assert all(t.encode() not in kept for t in (token, other, reader))
    assert (root / "users.json").stat().st_mode & 0o077 == 0
    assert access.remove("ann") == 1
    with pytest.raises(HfHubHTTPError):
        ann.whoami()


@pytest.mark.parametrize("damage", [b"", b"[]", b"nonsense", None])
def test_a_hub_whose_users_are_gone_is_closed_not_open(
    serve: Callable[..., str], root: Path, damage: bytes | None
) -> None:
    access = Access(root)
    access.add("ann")
    endpoint = serve(root)
    if damage is None:
        access.remove("ann")
    else:
        (root / "users.json").write_bytes(damage)
    body = {"name": "x", "organization": "ann", "type": "space", "sdk": "static"}
    assert httpx2.post(f"{endpoint}/api/repos/create", json=body).status_code in (401, 500)
    assert not list(Store(root).names())


def test_a_hub_with_a_key_takes_changes_from_its_holder_alone(
    serve: Callable[..., str], root: Path, files: dict[str, bytes]
) -> None:
    endpoint = serve(root, token="key")
    publish(files, REPO, Hub(endpoint, "key"))
    assert Hub(endpoint).read(REPO).files
    with pytest.raises(HubError, match="answered 401"):
        publish({**files, "tool.py": b"x"}, REPO, Hub(endpoint))


def test_rate_limits_are_told_and_kept(serve: Callable[..., str], root: Path) -> None:
    endpoint = serve(root, limits=Limits(api=3))
    answers = [httpx2.get(f"{endpoint}/api/spaces") for _ in range(4)]
    assert [a.status_code for a in answers] == [200, 200, 200, 429]
    assert answers[0].headers["ratelimit"].startswith('"api";r=2;t=')
    assert answers[3].headers["ratelimit-policy"] == '"fixed window";"api";q=3;w=300'
    assert int(answers[3].headers["retry-after"]) <= 300
    assert httpx2.get(f"{endpoint}/spaces/a/b/resolve/main/c").status_code == 404


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Host": "localhost.evil.example"}, 421),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 200),
    ],
)
def test_a_web_page_cannot_publish_through_a_browser(
    endpoint: str, headers: dict[str, str], code: int
) -> None:
    body = {"name": "x", "type": "space", "sdk": "static"}
    assert httpx2.post(f"{endpoint}/api/repos/create", json=body, headers=headers).status_code == code


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b'{"key":"header"}',
        b'{"key":"header","value":{"summary":"x"}}\n{"key":"file","value":{"path":"a","content":"%","encoding":"base64"}}',
        b'{"key":"header","value":{"summary":"x"}}\n{"key":"file","value":{"path":"../a","content":""}}',
        b'{"key":"header","value":{"summary":"x"}}\n{"key":"file","value":{"path":".git/a","content":""}}',
        b'{"key":"header","value":{"summary":"x"}}\n{"key":"file","value":{"path":"README.md/x","content":""}}',
        b'{"key":"header","value":{"summary":"x"}}\n{"key":"lfsFile","value":{"path":"a","oid":"x"}}',
        b'{"key":"header","value":{"summary":"x"}}\n{"key":"odd","value":{"path":"a"}}',
        b'{"key":"header","value":{"summary":"x"}}\n' + b"[" * 100_000,
        b'{"key":"header","value":{"summary":"\\ud800"}}\n{"key":"file","value":{"path":"b","content":"x"}}',
        b'{"key":"header","value":{"summary":"x"}}\n{"key":"file","value":{"path":"b","content":"\\ud800"}}',
    ],
)
def test_an_odd_commit_is_400_and_changes_nothing(made: HfApi, endpoint: str, body: bytes) -> None:
    before = made.space_info(REPO).sha
    assert httpx2.post(f"{endpoint}/api/spaces/{REPO}/commit/main", content=body).status_code == 400
    assert made.space_info(REPO).sha == before


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", f"/api/spaces/{REPO}/tree/main/%00", None),
        ("GET", f"/api/spaces/{REPO}/revision/%ff", None),
        ("GET", f"/api/spaces/{REPO}/commits/main?limit=0", None),
        ("GET", "/api/spaces?cursor=x", None),
        ("POST", f"/api/spaces/{REPO}/tag/main", {"tag": ["x"]}),
        ("POST", f"/api/spaces/{REPO}/tag/main", []),
        ("POST", f"/api/spaces/{REPO}/preupload/main", {"files": [{"path": None}]}),
        ("POST", f"/api/spaces/{REPO}/paths-info/main", {"paths": "x"}),
        ("POST", "/api/repos/move", {"fromRepo": REPO, "toRepo": "../x"}),
        ("POST", "/api/repos/create", {"name": {}, "type": "space"}),
        ("POST", "/api/repos/create", {"name": "x", "type": "model"}),
        (
            "POST",
            "/api/repos/create",
            {"name": "x", "type": "space", "sdk": "static", "organization": "../.."},
        ),
        ("POST", "/api/collections", {"title": "x", "namespace": "../a"}),
    ],
)
@pytest.mark.usefixtures("made")
def test_an_odd_request_is_400(endpoint: str, method: str, path: str, body: object) -> None:
    assert httpx2.request(method, endpoint + path, json=body).status_code == 400


@pytest.mark.parametrize("path", ["README.md/x", "../x", ".git/config"])
def test_a_space_is_not_made_with_odd_first_files(endpoint: str, path: str) -> None:
    body = {"name": "x", "organization": "local", "type": "space", "sdk": "static"}
    body |= {"files": [{"path": path, "content": "x"}]}
    assert httpx2.post(f"{endpoint}/api/repos/create", json=body).status_code == 400
    assert httpx2.get(f"{endpoint}/api/spaces").json() == []


@pytest.mark.parametrize(
    "path",
    [
        f"/spaces/{REPO}/resolve/main/%2e%2e/%2e%2e/hub.json",
        f"/spaces/{REPO}/objects/%2e%2e%2fhub.json",
        "/spaces/..%2f..%2f/x/resolve/main/a",
        f"/api/spaces/{REPO}/revision/refs%2Fheads%2F..%2F..%2FHEAD",
        "/api/collections/a/..%2f..%2fusers.json",
    ],
)
@pytest.mark.usefixtures("made")
def test_no_path_leads_out_of_a_space(endpoint: str, path: str) -> None:
    assert httpx2.get(endpoint + path).status_code == 404


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_git_clones_a_space_over_http_and_from_the_folder(
    hub: Hub, files: dict[str, bytes], root: Path, tmp_path: Path
) -> None:
    publish(files, REPO, hub, "1.0.0")
    for number, url in enumerate((f"{hub.endpoint}/spaces/{REPO}", str(root / "spaces" / REPO))):
        target = tmp_path / str(number)
        subprocess.run(["git", "clone", "-q", url, str(target)], check=True, capture_output=True)
        assert {p.name: p.read_bytes() for p in target.iterdir() if p.is_file()} == files
        tags = subprocess.run(["git", "-C", str(target), "tag"], check=True, capture_output=True, text=True)
        assert tags.stdout == "v1.0.0\n"
    subprocess.run(
        ["git", "-C", str(root / "spaces" / REPO), "fsck", "--strict"], check=True, capture_output=True
    )
    subprocess.run(["git", "-C", str(root / "spaces" / REPO), "gc", "-q"], check=True, capture_output=True)
    assert publish(files, REPO, hub, "1.0.0").requests == 2
    assert publish({**files, "tool.py": b"x = 1\n"}, REPO, hub, "1.1.0").changed


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_git_clones_a_private_space_with_its_owners_token_alone(
    serve: Callable[..., str], root: Path, tmp_path: Path
) -> None:
    token = Access(root).add("ann")
    endpoint = serve(root)
    api = HfApi(endpoint=endpoint, token=token)
    api.create_repo("ann/secret", repo_type="space", space_sdk="static", private=True)
    codes = []
    for number, user in enumerate((f"ann:{token}@", "ann:hf_wrong@", "")):
        url = endpoint.replace("://", f"://{user}") + "/spaces/ann/secret"
        environment = {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(tmp_path),
            "GIT_TERMINAL_PROMPT": "0",
        }
        command = ["git", "clone", "-q", url, str(tmp_path / str(number))]
        codes.append(subprocess.run(command, env=environment, capture_output=True, timeout=60).returncode)
    assert [code == 0 for code in codes] == [True, False, False]


OTHER = """
import sys
from pathlib import Path
from toolreg.hub.client import Hub
from toolreg.hub.publish import publish
from toolreg.hub.server import running
with running(Path(sys.argv[1])) as endpoint:
    for number in range(5):
        publish({"tool.py": b"x = %d" % number}, f"local/{sys.argv[2]}-{number}", Hub(endpoint), "1.0.0")
        print(publish({"tool.py": b"shared"}, f"local/shared-{number}", Hub(endpoint), "1.0.0").commit)
"""


def test_two_processes_may_serve_one_folder(root: Path) -> None:
    children = [
        subprocess.Popen(
            [sys.executable, "-c", OTHER, str(root), name], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for name in ("one", "two")
    ]
    outputs = [child.communicate(timeout=120) for child in children]
    assert [child.returncode for child in children] == [0, 0], outputs
    assert outputs[0][0] == outputs[1][0]
    names = set(Store(root).names())
    assert names == {f"local/{who}-{n}" for who in ("one", "two", "shared") for n in range(5)}
    for name in names:
        repository = Store(root).open(name)
        assert len(repository.history(repository.resolve("main"))) == 2
    assert not list((root / ".new").glob("*/HEAD"))


KILLED = """
import os, signal, sys
from pathlib import Path
from toolreg.hub.client import Hub
from toolreg.hub.publish import publish
from toolreg.hub.server import running

real = os.replace, os.rename

def counted(act, left):
    def call(*args):
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return act(*args)
    return call

for step in range(1, 60):
    child = os.fork()
    if not child:
        left = [step]
        os.replace, os.rename = (counted(act, left) for act in real)
        with running(Path(sys.argv[1]) / str(step)) as endpoint:
            publish({"tool.py": b"x", "a/b.txt": b"y"}, "local/word-count", Hub(endpoint), "1.0.0")
        os._exit(0)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0:
        print(step)
        break
"""


@pytest.mark.slow
def test_a_hub_killed_at_any_write_holds_the_old_state_or_the_new(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path)], capture_output=True, text=True, timeout=200
    )
    assert int(done.stdout) > 10, done.stderr
    files = {"tool.py": b"x", "a/b.txt": b"y"}
    for step in range(1, int(done.stdout) + 1):
        root = tmp_path / str(step)
        if REPO in set(Store(root).names()):
            repository = Store(root).open(REPO)
            names = {e.path for e in repository.entries(repository.resolve("main"))}
            assert names in (set(files), {".gitattributes", "README.md", "index.html", "style.css"})
        with running(root) as endpoint:
            published = publish(files, REPO, Hub(endpoint), "1.0.0")
            assert Hub(endpoint).tags(REPO) == {"v1.0.0": published.commit}
        repository = Store(root).open(REPO)
        assert len(repository.history(published.commit)) == 2


def test_nothing_is_asked_of_anybody_but_the_hub(endpoint: str, tmp_path: Path) -> None:
    script = (
        "import socket, sys, json\n"
        "real, seen = socket.socket.connect, set()\n"
        "def connect(self, address):\n"
        "    seen.add(str(address[0])); return real(self, address)\n"
        "socket.socket.connect = connect\n"
        "names, look = set(), socket.getaddrinfo\n"
        "socket.getaddrinfo = lambda host, *a, **k: (names.add(str(host)), look(host, *a, **k))[1]\n"
        "from toolreg.hub.client import Hub\n"
        "from toolreg.hub.publish import publish\n"
        "publish({'tool.py': b'x'}, 'local/a', Hub(sys.argv[1]), '1.0.0')\n"
        "print(json.dumps(sorted(seen | names)))\n"
    )
    environment = {
        "HOME": str(tmp_path),
        "HF_HOME": str(tmp_path),
        "PATH": "/usr/bin:/bin",
        "HF_TOKEN": "hf_secret",
    }
    done = subprocess.run(
        [sys.executable, "-c", script, endpoint], env=environment, capture_output=True, text=True, timeout=60
    )
    assert json.loads(done.stdout) == ["127.0.0.1"], done.stderr


def test_a_port_that_is_taken_is_one_line(endpoint: str, tmp_path: Path) -> None:
    port = int(endpoint.rsplit(":", 1)[1])
    with pytest.raises(HubError, match="cannot listen on 127"), running(tmp_path / "other", port=port):
        pass


def test_starting_and_ending_leaves_no_thread_and_no_warning(root: Path) -> None:
    import threading

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(3):
            with running(root) as endpoint:
                assert httpx2.get(f"{endpoint}/api/spaces").json() == []
    assert not [t for t in threading.enumerate() if t.name == "toolreg-hub"]
