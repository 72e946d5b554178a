"""An audit on a Hub: a real Hub on loopback, written and read with the real huggingface_hub."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from huggingface_hub import HfApi, hf_hub_download

from toolreg.audit import push as pushing
from toolreg.audit.push import contents, push
from toolreg.cli.app import run
from toolreg.errors import NotFound, UsageError
from toolreg.hub.client import Hub
from toolreg.hub.server import running


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with running(tmp_path / "hub") as endpoint:
        yield Hub(endpoint)


@pytest.fixture
def audited(make: SimpleNamespace, tmp_path: Path) -> Path:
    folder: Path = make.finished(tmp_path / "out", [make.tool("one"), make.tool("two")])
    return folder


def test_pages_tables_and_card_come_in_one_commit(hub: Hub, audited: Path) -> None:
    pushed = push(audited, hub, "acme/audit")
    api = HfApi(endpoint=hub.endpoint, token=False)
    # The Hub's own first commit makes the Space.
    assert len(api.list_repo_commits("acme/audit", repo_type="space")) == 2
    files = api.list_repo_files("acme/audit", repo_type="space")
    assert {"README.md", "index.html", "data.js", "data/tools.jsonl", "data/findings.jsonl"} <= set(files)
    assert sum(path.startswith("tools/") for path in files) == 2
    assert (pushed.changed, pushed.url) == (True, f"{hub.endpoint}/spaces/acme/audit")
    info = api.space_info("acme/audit")
    assert info.card_data is not None
    assert (info.sdk, info.card_data["tags"]) == ("static", ["toolreg", "toolreg-audit"])


def test_the_tables_are_read_as_the_card_says(hub: Hub, audited: Path, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    push(audited, hub, "acme/audit")
    where = {"repo_type": "space", "endpoint": hub.endpoint, "cache_dir": tmp_path / "cache", "token": False}
    table = parquet.read_table(hf_hub_download("acme/audit", "data/tools.parquet", **where))
    assert table.column("tool").to_pylist() == ["one", "two"]
    rows = Path(hf_hub_download("acme/audit", "data/tools.jsonl", **where)).read_text().splitlines()
    assert [json.loads(row)["tool"] for row in rows] == ["one", "two"]
    readme = Path(hf_hub_download("acme/audit", "README.md", **where)).read_text()
    assert "data_files: data/tools.parquet" in readme
    assert "2 smolagents tools" in readme


def test_the_same_audit_is_not_committed_again(hub: Hub, audited: Path) -> None:
    first, second = push(audited, hub, "acme/audit"), push(audited, hub, "acme/audit")
    assert (second.changed, second.commit) == (False, first.commit)


def test_pages_of_tools_that_are_gone_go(
    hub: Hub, audited: Path, make: SimpleNamespace, tmp_path: Path
) -> None:
    push(audited, hub, "acme/audit")
    push(make.finished(tmp_path / "later", [make.tool("one")]), hub, "acme/audit")
    files = HfApi(endpoint=hub.endpoint, token=False).list_repo_files("acme/audit", repo_type="space")
    assert [path.partition("-")[0] for path in files if path.startswith("tools/")] == ["tools/one"]


def test_a_title_cannot_write_the_card(audited: Path) -> None:
    text = contents(audited, 'x"\nsdk: gradio\n<script>')["README.md"].decode()
    assert 'title: "x\\"\\nsdk: gradio\\n<script>"' in text.splitlines()
    assert '# x" sdk: gradio (script>' in text


def test_more_tools_than_a_folder_takes_are_refused(
    hub: Hub, audited: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pushing, "MOST_PAGES", 1)
    with pytest.raises(UsageError, match="2 tools are more"):
        push(audited, hub, "acme/audit")


def test_nothing_is_made_where_there_is_no_audit(hub: Hub, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no finished audit"):
        push(tmp_path, hub, "acme/audit")
    assert list(hub.spaces()) == []


def test_the_command_pushes_what_it_audited(
    hub: Hub, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools/a.py").write_text(
        "from smolagents import tool\n\n@tool\ndef a(n: int) -> int:\n    return n\n"
    )
    monkeypatch.chdir(tmp_path)
    run(
        [
            "audit",
            "tools",
            "--engine",
            "here",
            "--fail-on",
            "never",
            "--push",
            "acme/a",
            "--push-to",
            hub.endpoint,
        ]
    )
    said = capsys.readouterr().err
    assert f"pushed {hub.endpoint}/spaces/acme/a" in said
    assert "in one commit" in said
