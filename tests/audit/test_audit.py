from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from toolreg.audit import AuditOptions, Item, Unread, audit, judge
from toolreg.audit import journal as journals
from toolreg.audit.engine import Engine, EngineLost, Here, engine
from toolreg.audit.journal import PART, REST, WHOLE, Journal, read_rows
from toolreg.audit.run import judge_all
from toolreg.errors import NotFound, SourceError, ToolregError, UsageError

PURE = '''from smolagents import tool


@tool
def {name}(text: str) -> int:
    """Count the words of a text.

    Side effects: none

    Args:
        text: Any text, e.g. "one two".

    Returns:
        Number of words.

    Examples:
        >>> {name}("one two")
        2
    """
    return len(text.split())
'''
REACHES_OUT = PURE.replace("return len", 'open("/etc/passwd").read()\n    return len')
OPTIONS = AuditOptions()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Two tools, a copy of one of them, a file without a tool, and a file that does not parse."""
    root = tmp_path / "tree"
    (root / "team").mkdir(parents=True)
    (root / "count.py").write_text(PURE.format(name="count_words"))
    (root / "team/again.py").write_text(PURE.format(name="count_words"))
    (root / "team/reader.py").write_text(REACHES_OUT.format(name="reader"))
    (root / "plain.py").write_text("x = 1\n")
    (root / "broken.py").write_text("from smolagents import tool\n@tool\ndef f(:\n")
    return root


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    return list(read_rows(folder / name))


def test_every_tool_once_every_file_counted(tree: Path, tmp_path: Path) -> None:
    summary = audit(str(tree), tmp_path / "out", engine_name="here")
    assert [(r["tool"], r["path"], r["copies"]) for r in rows(tmp_path / "out", "tools.jsonl")] == [
        ("count_words", "count.py", 1),
        ("reader", "team/reader.py", 0),
    ]
    assert (summary.tools, summary.copies, summary.facts["files"], summary.facts["files_without_tools"]) == (
        2,
        1,
        5,
        1,
    )
    assert summary.errors == [
        {
            "path": "broken.py",
            "line": 3,
            "error": "SourceError",
            "message": summary.errors[0]["message"],
            "hint": summary.errors[0]["hint"],
        }
    ]
    assert "does not parse" in summary.errors[0]["message"]
    assert summary.exit_code() == 3


def test_what_the_code_can_and_does_not_declare_is_blocked(tree: Path, tmp_path: Path) -> None:
    (tree / "broken.py").unlink()
    summary = audit(str(tree), tmp_path / "out", engine_name="here")
    clean, blocked = rows(tmp_path / "out", "tools.jsonl")
    assert (clean["verdict"], clean["clean"], clean["declared"], clean["inferred"]) == (
        "INCOMPLETE",
        True,
        [],
        [],
    )
    assert (blocked["verdict"], blocked["clean"], blocked["undeclared"]) == (
        "BLOCKED",
        False,
        ["read:/etc/passwd"],
    )
    assert blocked["inferred"][0]["code"] == 'open("/etc/passwd").read()'
    assert summary.verdicts == {"APPROVED": 0, "INCOMPLETE": 1, "BLOCKED": 1}
    assert (summary.exit_code(), summary.exit_code("never"), summary.exit_code("worse")) == (1, 0, 0)


def test_judging_a_file_never_runs_it(tmp_path: Path) -> None:
    trap = tmp_path / "ran"
    code = f"open({str(trap)!r}, 'w')\n" + PURE.format(name="count_words")
    assert judge(Item("trap.py", code.encode()), OPTIONS).tools
    assert not trap.exists()


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xfe tool", b"tool\0", b"tool = (" * 5000, b"@tool\n" + b"x = " + b"-" * 100_000 + b"1"],
    ids=["empty", "not UTF-8", "null byte", "deep", "deeper"],
)
def test_a_file_that_cannot_be_read_is_an_error_and_no_crash(data: bytes) -> None:
    judgement = judge(Item("odd.py", data), OPTIONS)
    assert judgement.tools == ()
    assert judgement.error is not None
    assert judgement.error["message"]


def test_odd_literals_become_json(tmp_path: Path) -> None:
    code = """from smolagents import Tool
class T(Tool):
    name = "t"
    description = "\\ud800 \\x00"
    inputs = {"a": {"type": b"x", ("k", 1): {1, 2}, "n": 1e999, "big": 10**100, "deep": [[...]]}}
    output_type = "string"
    def forward(self, a): return a
"""
    (tmp_path / "odd.py").write_text(code)
    audit(str(tmp_path / "odd.py"), tmp_path / "out", engine_name="here")
    (row,) = rows(tmp_path / "out", "tools.jsonl")
    assert row["tool"] == "t"


def test_nothing_changed_is_nothing_judged(tree: Path, tmp_path: Path) -> None:
    first = audit(str(tree), tmp_path / "one", engine_name="here")
    second = audit(str(tree), tmp_path / "two", engine_name="here", since=tmp_path / "one")
    assert (first.facts["judged"], second.facts["judged"], second.facts["carried_over"]) == (3, 0, 3)
    for name in ("tools.jsonl", "findings.jsonl"):
        assert (tmp_path / "one" / name).read_text() == (tmp_path / "two" / name).read_text()
    assert second.changes is not None
    assert not any(second.changes.counts.values())


def test_other_options_are_another_judgement(tree: Path, tmp_path: Path) -> None:
    audit(str(tree), tmp_path / "one", engine_name="here")
    second = audit(
        str(tree),
        tmp_path / "two",
        AuditOptions(ignore=("TRG3",)),
        engine_name="here",
        since=tmp_path / "one",
    )
    assert second.facts["carried_over"] == 0


def test_a_new_effect_a_new_tool_and_one_that_is_gone_are_told(tree: Path, tmp_path: Path) -> None:
    audit(str(tree), tmp_path / "one", engine_name="here")
    (tree / "count.py").write_text(REACHES_OUT.format(name="count_words"))
    (tree / "team/reader.py").rename(tree / "team/moved.py")
    second = audit(str(tree), tmp_path / "two", engine_name="here", since=tmp_path / "one")
    changes = second.changes
    assert changes is not None
    assert changes.new_effects == [
        {"tool": "count_words", "path": "count.py", "effects": ["read:/etc/passwd"]}
    ]
    assert [r["path"] for r in changes.worse] == ["count.py"]
    assert [r["path"] for r in changes.gone] == ["team/reader.py"]
    assert [r["path"] for r in changes.new] == ["team/moved.py"]
    assert second.exit_code("worse") == 3, "broken.py is still not judged"


def test_a_copy_that_becomes_the_first_of_its_kind_is_no_news(tree: Path, tmp_path: Path) -> None:
    audit(str(tree), tmp_path / "one", engine_name="here")
    (tree / "count.py").unlink()
    changes = audit(str(tree), tmp_path / "two", engine_name="here", since=tmp_path / "one").changes
    assert changes is not None
    assert changes.gone == [{"tool": "count_words", "path": "count.py"}]
    assert changes.new == []


def test_an_interrupted_audit_goes_on_where_it_stopped(tree: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"

    def stop(progress: Any) -> None:
        if progress.files == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        audit(str(tree), out, engine_name="here", on_progress=stop)
    assert (out / PART).exists()
    assert not (out / WHOLE).exists()
    with open(out / PART, "a") as file:
        file.write('{"key": "half a li')
    summary = audit(str(tree), out, engine_name="here")
    assert summary.facts["carried_over"] == 2
    assert summary.facts["judged"] == 1
    assert sorted(os.listdir(out)) == sorted({*os.listdir(out)} - {PART, REST})


def test_two_audits_never_write_to_one_folder_at_once(tree: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"

    def another(progress: Any) -> None:
        if progress.files == 2:
            with pytest.raises(ToolregError, match="another audit is writing"):
                audit(str(tree), out, engine_name="here")

    assert audit(str(tree), out, engine_name="here", on_progress=another).tools == 2
    assert audit(str(tree), out, engine_name="here").tools == 2, "one that is over holds nothing"


def test_a_full_disk_is_named_and_the_next_run_goes_on(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    written = 0
    real = journals.dump

    def dump(row: dict[str, Any]) -> str:
        nonlocal written
        written += 1
        if written == 3:
            raise OSError(28, "No space left on device")
        return real(row)

    monkeypatch.setattr(journals, "dump", dump)
    with pytest.raises(ToolregError, match="No space left") as caught:
        audit(str(tree), out, engine_name="here")
    assert "goes on where it stopped" in caught.value.hint
    monkeypatch.setattr(journals, "dump", real)
    assert audit(str(tree), out, engine_name="here").facts["carried_over"] == 2


def test_tables_that_find_no_room_cost_no_judgement(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"

    def no_room(_: Path) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("toolreg.audit.report.write_parquet", no_room)
        with pytest.raises(ToolregError, match="No space left"):
            audit(str(tree), out, engine_name="here")
    assert not (out / WHOLE).exists()
    again = audit(str(tree), out, engine_name="here")
    assert (again.facts["judged"], again.tools) == (0, 2)


def test_an_audit_is_compared_with_the_one_it_replaces(tree: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    audit(str(tree), out, engine_name="here")
    (tree / "more.py").write_text(PURE.format(name="more"))
    changes = audit(str(tree), out, engine_name="here", since=out).changes
    assert changes is not None
    assert [row["tool"] for row in changes.new] == ["more"]


def test_an_audit_interrupted_twice_goes_on_too(tree: Path, tmp_path: Path) -> None:
    out, text = tmp_path / "out", PURE.format(name="more")
    for n in range(8):
        (tree / f"more_{n}.py").write_text(text.replace("more", f"more_{n}"))
    for end in (3, 6):
        with pytest.raises(KeyboardInterrupt):
            audit(str(tree), out, engine_name="here", on_progress=_stop_at(end))
        with open(out / PART, "a") as file:
            file.write('{"key": "half a li')
    assert audit(str(tree), out, engine_name="here").facts["carried_over"] >= 4


def _stop_at(files: int) -> Callable[[Any], None]:
    def stop(progress: Any) -> None:
        if progress.files == files:
            raise KeyboardInterrupt

    return stop


def test_an_unwritable_folder_is_named(tree: Path) -> None:
    with pytest.raises(ToolregError, match="cannot write"):
        audit(str(tree), Path("/proc/nowhere"), engine_name="here")


def test_nothing_there_is_an_error_and_nothing_found_is_no_pass(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        audit(str(tmp_path / "no"), tmp_path / "out")
    (tmp_path / "empty").mkdir()
    assert audit(str(tmp_path / "empty"), tmp_path / "out", engine_name="here").exit_code("never") == 3
    with pytest.raises(NotFound, match="no finished audit"):
        audit(str(tmp_path / "empty"), tmp_path / "out", since=tmp_path / "empty")


def test_parquet_holds_the_same_rows(tree: Path, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="needs pyarrow: pip install '.[parquet]'")
    audit(str(tree), tmp_path / "out", engine_name="here")
    tools = parquet.read_table(tmp_path / "out/tools.parquet").to_pylist()
    assert [(t["tool"], t["copies"], t["undeclared"]) for t in tools] == [
        ("count_words", 1, []),
        ("reader", 0, ["read:/etc/passwd"]),
    ]
    assert json.loads(tools[0]["inputs"])["text"]["type"] == "string"
    findings = parquet.read_table(tmp_path / "out/findings.parquet").to_pylist()
    assert len(findings) == len(rows(tmp_path / "out", "findings.jsonl")) > 0


def test_a_pool_judges_as_this_process_does(tree: Path, tmp_path: Path) -> None:
    audit(str(tree), tmp_path / "here", engine_name="here")
    audit(str(tree), tmp_path / "pool", engine_name="processes:2")
    for name in ("tools.jsonl", "findings.jsonl"):
        assert (tmp_path / "here" / name).read_text() == (tmp_path / "pool" / name).read_text()


def dies_at_seven(item: Item, options: AuditOptions) -> Any:
    if item.label == "7.py":
        os._exit(9)
    return judge(item, options)


def test_a_file_that_kills_its_worker_is_named_and_the_others_are_judged() -> None:
    items = [Item(f"{n}.py", PURE.format(name=f"tool_{n}").encode()) for n in range(30)]
    done = list(judge_all(items, OPTIONS, engine("processes:2"), dies_at_seven))
    assert [item.label for item, _ in done] == [item.label for item in items]
    failed = [item.label for item, judgement in done if judgement.error]
    assert failed == ["7.py"]
    assert next(j for i, j in done if i.label == "7.py").passing


def test_a_fault_of_ours_costs_one_file() -> None:
    def work(item: Item, options: AuditOptions) -> Any:
        if item.label == "1.py":
            raise ZeroDivisionError("oops")
        return judge(item, options)

    items = [Item(f"{n}.py", PURE.format(name=f"tool_{n}").encode()) for n in range(3)]
    done = {i.label: j for i, j in judge_all(items, OPTIONS, engine("here"), work)}
    assert "ZeroDivisionError" in done["1.py"].error["message"]
    assert done["2.py"].tools


def test_an_engine_that_is_gone_says_how_to_go_on() -> None:
    class Lost(Here):
        def submit(self, *args: Any, **kwargs: Any) -> Any:
            del args, kwargs
            raise ConnectionError("scheduler vanished")

    cluster = Engine("dask://there", Lost, 2, (ConnectionError,))
    with pytest.raises(EngineLost, match="scheduler vanished") as caught:
        list(judge_all([Item("a.py", b"tool")], OPTIONS, cluster))
    assert "goes on where it stopped" in caught.value.hint


class _Silent(Here):
    """Never answers for some files."""

    def __init__(self, *labels: str) -> None:
        self.labels = labels

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
        return Future() if args[0].label in self.labels else super().submit(fn, *args, **kwargs)


def test_a_file_that_takes_for_ever_is_a_row_and_the_others_are_judged() -> None:
    items = [Item(f"{n}.py", PURE.format(name=f"tool_{n}").encode()) for n in range(3)]
    patient = Engine("slow", lambda: _Silent("1.py"), 2)
    done = {i.label: j for i, j in judge_all(items, OPTIONS, patient, patience=0.05)}
    assert (done["1.py"].error["message"], done["1.py"].passing) == ("not judged within 0 seconds", True)
    assert done["0.py"].tools
    assert done["2.py"].tools


def test_an_engine_that_never_answers_is_gone() -> None:
    items = [Item(f"{n}.py", b"tool") for n in range(9)]
    silent = Engine("silent", lambda: _Silent(*(i.label for i in items)), 2)
    with pytest.raises(EngineLost, match="5 times in a row"):
        list(judge_all(items, OPTIONS, silent, patience=0.05))


def test_no_more_than_a_window_is_read_ahead() -> None:
    taken = []

    def items() -> Iterator[Item]:
        for n in range(1000):
            taken.append(n)
            yield Item(f"{n}.py", b"x = 'tool'")

    running = judge_all(items(), OPTIONS, engine("here"))
    next(running)
    assert len(taken) <= 8
    running.close()


@pytest.mark.parametrize("name", ["dusk://host", "dask://", "processes:x", "processes:-1", "ray:"])
def test_an_unknown_engine_is_named(name: str) -> None:
    with pytest.raises(UsageError, match="unknown engine"):
        engine(name)


def test_a_tool_of_twenty_megabytes_is_a_row_and_is_not_read_whole(tmp_path: Path) -> None:
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools/big.py").write_bytes(b'TEXT = "' + b"a tool " * 3_000_000 + b'"\n')
    summary = audit(str(tmp_path / "tools"), tmp_path / "out", engine_name="here")
    assert (summary.tools, summary.not_judged, summary.exit_code()) == (0, 1, 3)
    assert (summary.errors[0]["path"], summary.errors[0]["message"]) == ("big.py", "larger than 10 MB")


def test_an_unreadable_file_is_a_row(tmp_path: Path) -> None:
    broken = Unread("x/tool.py", SourceError("larger than 4 MB", hint="no tool needs that"))
    summary = audit("hub", tmp_path / "out", engine_name="here", source=lambda _: [broken])
    assert (summary.not_judged, summary.errors[0]["message"]) == (1, "larger than 4 MB")
    assert summary.exit_code() == 3


def test_a_journal_is_never_half_a_line(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.write({"text": "\ud800 \u2028 \x00 ü"})
    journal.close()
    (row,) = read_rows(tmp_path / PART)
    assert row["text"] == "\ud800 \u2028 \x00 ü"


def test_a_published_form_is_read_like_its_source() -> None:
    published = '''from smolagents import Tool
def save(path: str) -> str:
    """Save."""
    open(path, "w").write("x")
    return path
class Save(Tool):
    """Save.

    Side effects:
        write: {path}
    """
    name = "save"
    description = "Save."
    inputs = {"path": {"type": "string", "description": "Where."}}
    output_type = "string"
    forward = staticmethod(save)
'''
    (row,) = judge(Item("tool.py", published.encode()), OPTIONS).tools
    assert [e["effect"] for e in row["inferred"]] == ["write:{path}"]
    assert row["unresolved"] == row["undeclared"] == []
