from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolreg.errors import SourceError
from toolreg.lint import LintConfig, lint
from toolreg.lint.cache import stamp
from toolreg.lint.example import function_tool
from toolreg.lint.finding import Finding, TextEdit, TextFix
from toolreg.lint.record import Outcome, read, write

BAD = function_tool("return input(text)")
GOOD = function_tool("return text.splitlines()[0]")
texts = st.text(max_size=20)


@pytest.fixture
def config(tmp_path: Path) -> LintConfig:
    return LintConfig(cache=str(tmp_path / "cache"))


def _write(path: Path, text: str) -> str:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    old = time.time() - 60
    os.utime(path, (old, old))
    return str(path)


def test_an_unchanged_file_is_answered_from_the_cache_with_the_same_findings(
    tmp_path: Path, config: LintConfig
) -> None:
    path = _write(tmp_path / "bad.py", BAD)
    first, second = lint([path], config), lint([path], config)
    assert (first.judged, second.judged) == (1, 0)
    assert second.findings == first.findings
    assert [f.source for f in second.findings] == [f.source for f in first.findings]
    assert second.tools == 1


def test_a_changed_file_is_judged_anew(tmp_path: Path, config: LintConfig) -> None:
    path = _write(tmp_path / "tool.py", BAD)
    lint([path], config)
    _write(tmp_path / "tool.py", GOOD)
    result = lint([path], config)
    assert (result.judged, result.open) == (1, [])


def test_a_file_that_has_just_changed_is_not_trusted(tmp_path: Path, config: LintConfig) -> None:
    path = tmp_path / "tool.py"
    path.write_text(BAD)
    os.utime(path, (time.time() + 5, time.time() + 5))
    lint([str(path)], config)
    assert lint([str(path)], config).judged == 1


def test_an_error_is_not_remembered(tmp_path: Path, config: LintConfig) -> None:
    path = _write(tmp_path / "tool.py", "from smolagents import tool\ndef f(:\n")
    assert [len(lint([path], config).errors) for _ in range(2)] == [1, 1]


@pytest.mark.parametrize("damage", ["", "toolreg-lint 1", "\0\0\0", "toolreg-lint 1\nx\n\na\tb", "\ud800"])
def test_a_damaged_cache_is_made_anew(damage: str, tmp_path: Path, config: LintConfig) -> None:
    path = _write(tmp_path / "bad.py", BAD)
    lint([path], config)
    cached = next((tmp_path / "cache").iterdir())
    cached.write_bytes(damage.encode("utf-8", "surrogatepass"))
    assert [len(lint([path], config).open) for _ in range(2)] == [1, 1]


def test_every_truncation_of_the_cache_gives_the_same_findings(tmp_path: Path, config: LintConfig) -> None:
    path = _write(tmp_path / "bad.py", BAD)
    wanted = lint([path], config).findings
    cached = next((tmp_path / "cache").iterdir())
    whole = cached.read_bytes()
    for end in range(0, len(whole), max(1, len(whole) // 20)):
        cached.write_bytes(whole[:end])
        assert lint([path], config).findings == wanted


def test_runs_at_the_same_time_leave_a_whole_cache(tmp_path: Path, config: LintConfig) -> None:
    paths = [
        _write(tmp_path / "tools" / f"t{n}.py", BAD.replace("first_line", f"line_{n}")) for n in range(6)
    ]
    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lambda _: len(lint(paths, config.but(jobs=1)).findings), range(8)))
    assert len(set(counts)) == 1
    assert not [f for f in (tmp_path / "cache").iterdir() if f.name.endswith(".new")]
    assert lint(paths, config).judged == 0


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    path = _write(tmp_path / "bad.py", BAD)
    assert lint([path], LintConfig(cache=str(tmp_path / "file" / "below"))).errors == []


def test_another_selection_is_answered_from_the_same_cache(tmp_path: Path, config: LintConfig) -> None:
    path = _write(tmp_path / "bad.py", BAD)
    lint([path], config)
    result = lint([path], config.but(select=("TRG1",)))
    assert (result.judged, result.open) == (0, [])


@given(
    st.lists(texts, min_size=8, max_size=8),
    st.booleans(),
    st.none() | texts,
    st.lists(st.tuples(st.integers(0, 99), texts)),
)
def test_an_outcome_is_read_as_it_was_written(
    words: list[str], safe: bool, reason: str | None, edits: list[tuple[int, str]]
) -> None:
    fix = TextFix(words[6], [TextEdit(n, n + 1, text) for n, text in edits], safe)
    finding = Finding(
        "p", 1, 2, 3, 4, words[0], words[1], words[2], "error", words[3], fix, words[4], reason, words[5]
    )
    outcome = Outcome(
        [finding], [(words[7], 1, 2, 3, 4, words[0])], None, [(3, words[1], words[2])], words[:3], "0a"
    )
    line = write(outcome)
    assert "\n" not in line
    back = read("p", line)
    assert (back.findings, back.tools, back.comments) == (outcome.findings, outcome.tools, outcome.comments)
    assert (back.depends, back.digest) == (words[:3], "0a")
    assert back.findings[0].source == words[5]
    assert back.findings[0].fix is not None
    assert back.findings[0].fix.edits == fix.edits


def test_many_files_over_all_cores_give_what_one_process_gives(tmp_path: Path) -> None:
    paths = [_write(tmp_path / f"t{n:03}.py", BAD if n % 3 else GOOD) for n in range(40)]
    one, two = (lint(paths, LintConfig(jobs=jobs)) for jobs in (1, 2))
    assert one.findings == two.findings
    assert (one.tools, one.errors) == (two.tools, two.errors)


def test_an_error_in_a_child_process_arrives(tmp_path: Path) -> None:
    paths = [_write(tmp_path / f"t{n:03}.py", GOOD.replace("first_line", f"line_{n}")) for n in range(40)]
    Path(paths[7]).write_text("from smolagents import tool\ndef f(:\n")
    errors = lint(paths, LintConfig(jobs=2)).errors
    assert [(type(e), e.path, e.line) for e in errors] == [(SourceError, paths[7], 2)]


DYING = """
import os
import shutil
from toolreg.lint.parallel import judge_all
from toolreg.lint.record import Outcome

def judge(path):
    if path == "31":
        os._exit(9)
    return Outcome()

found = judge_all([str(n) for n in range(40)], judge, jobs=2)
print(sum(1 for o in found.values() if o.error is not None))
"""


def test_a_child_that_dies_is_no_clean_bill() -> None:
    # In a process of its own: one with other threads would not fork, and would die itself.
    done = subprocess.run(
        [sys.executable, "-c", DYING], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "20\n"


HELPED = function_tool("return text + helper()").replace(
    "from smolagents", "from helpers import helper\nfrom smolagents"
)


def test_a_helper_that_changes_is_judged_with_the_tool_that_uses_it(
    tmp_path: Path, config: LintConfig
) -> None:
    _write(tmp_path / "helpers.py", "def helper():\n    return 'x'\n")
    tool = _write(tmp_path / "tool.py", HELPED)
    other = _write(tmp_path / "other.py", GOOD.replace("first_line", "other_line"))
    assert "TRG303" not in {f.code for f in lint([tool, other], config).open}
    assert lint([tool, other], config).judged == 0
    _write(tmp_path / "helpers.py", "def helper():\n    return open('/etc/passwd').read()\n")
    assert lint([other], config).judged == 0  # a run over other files forgets nothing of this
    result = lint([tool, other], config)
    assert result.judged == 1
    assert "TRG303" in {f.code for f in result.open}
    assert lint([tool, other], config).judged == 0


def test_a_helper_that_appears_or_goes_is_seen(tmp_path: Path, config: LintConfig) -> None:
    tool = _write(tmp_path / "tool.py", HELPED)
    lint([tool], config)
    helper = _write(tmp_path / "helpers.py", "def helper():\n    return open('/etc/passwd').read()\n")
    assert "TRG303" in {f.code for f in lint([tool], config).open}
    os.unlink(helper)
    assert "TRG303" not in {f.code for f in lint([tool], config).open}


def _checked_out_again(folder: Path, other: str) -> str:
    """The same bytes in new files, as a fresh checkout or a restored cache has them."""
    copy = folder.with_name(folder.name + ".copy")
    shutil.copytree(folder, copy)
    shutil.rmtree(folder)
    copy.rename(folder)
    for path in folder.iterdir():
        os.utime(path, (time.time() - 30, time.time() - 30))
    return str(folder / other)


def test_new_files_with_the_same_content_are_answered_from_the_cache(
    tmp_path: Path, config: LintConfig
) -> None:
    path = _write(tmp_path / "tools" / "tool.py", HELPED)
    _write(tmp_path / "tools" / "helpers.py", "def helper():\n    return 'x'\n")
    first = lint([path], config)
    _checked_out_again(tmp_path / "tools", "tool.py")
    again = lint([path], config)
    assert (again.judged, again.findings) == (0, first.findings)
    cached = next((tmp_path / "cache").iterdir()).read_text()
    assert stamp(path) in cached  # so that the next run need not look at the content
    assert stamp(str(tmp_path / "tools" / "helpers.py")) in cached


def test_new_files_with_other_content_of_the_same_size_are_judged_anew(
    tmp_path: Path, config: LintConfig
) -> None:
    path = _write(tmp_path / "tools" / "tool.py", GOOD)
    lint([path], config)
    Path(path).write_text(GOOD.replace("first_line", "third_line"))
    _checked_out_again(tmp_path / "tools", "tool.py")
    assert lint([path], config).judged == 1


def test_a_configuration_is_known_by_its_content(tmp_path: Path, config: LintConfig) -> None:
    path = _write(tmp_path / "tool.py", BAD)
    settings = _write(tmp_path / "pyproject.toml", "[tool.toolreg.lint]\n")
    config = config.but(rests_on=(settings,))
    lint([path], config)
    os.utime(settings, (time.time() - 30, time.time() - 30))
    assert lint([path], config).judged == 0
    _write(tmp_path / "pyproject.toml", "[tool.toolreg.lint]\nignore = ['TRG503']\n")
    assert lint([path], config).judged == 1


def test_a_touched_file_without_a_tool_is_not_judged_again(tmp_path: Path, config: LintConfig) -> None:
    config = config.but(allow_no_tools=True)
    path = _write(tmp_path / "plain.py", "x = 1\n")
    lint([str(tmp_path)], config)
    os.utime(path, (time.time() - 30, time.time() - 30))
    assert lint([str(tmp_path)], config).judged == 0


def test_a_file_that_has_become_a_pipe_is_named_and_not_waited_for(
    tmp_path: Path, config: LintConfig
) -> None:
    path = _write(tmp_path / "tool.py", GOOD)
    lint([path], config)
    os.unlink(path)
    os.mkfifo(path)
    assert [e.path for e in lint([path], config).errors] == [path]
