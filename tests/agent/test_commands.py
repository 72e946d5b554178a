"""The commands of the agent side, as a user types them."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from toolreg.agent.scripted import code
from toolreg.cli.app import run


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, empty_home: Path) -> Path:
    assert empty_home.is_dir()
    monkeypatch.chdir(tmp_path)
    assert run(["new", "agent", "research_agent"]) == 0
    monkeypatch.chdir(tmp_path / "research_agent")
    return tmp_path / "research_agent"


def script(folder: Path, *replies: object) -> str:
    path = folder / "replies.json"
    path.write_text(json.dumps(replies))
    return f"scripted:{path}"


def test_an_agent_is_run_recorded_shown_and_replayed(
    project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    model = script(
        project,
        code("m = reading_time('word ' * 460)", "open('report.md', 'w').write(str(m))", thought="I count."),
        code("final_answer(f'{m} minutes')"),
    )
    capfd.readouterr()
    assert run(["agent", "run", "How long?", "--model", model]) == 0
    out, err = capfd.readouterr()
    assert out == "2.0 minutes\n"
    for seen in ("Thought: I count.", "→ reading_time(", "success after 2 steps", "workspace/report.md"):
        assert seen in err
    assert run(["trace", "show", "last"]) == 0
    assert "2.0 minutes" in capfd.readouterr().out
    assert run(["trace", "replay"]) == 0
    assert capfd.readouterr().out == "the same\n"
    tool = project / "tools/reading_time.py"
    tool.write_text(tool.read_text().replace("/ words_per_minute, 1)", "/ words_per_minute + 1, 1)"))
    assert run(["trace", "replay"]) == 1
    assert "step 1: reading_time gives 3.0 (recorded: 2.0)" in capfd.readouterr().out


def test_the_outcome_as_json(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    model = script(project, {"tool": "final_answer", "arguments": {"answer": "done"}})
    capfd.readouterr()
    assert run(["agent", "run", "x", "--model", model, "--kind", "tool-calling", "--format", "json"]) == 0
    out, err = capfd.readouterr()
    report = json.loads(out)
    assert (report["state"], report["answer"], err) == ("success", "done", "")
    assert Path(report["trace"], "events.jsonl").is_file()


def test_a_spent_budget_is_exit_code_1_and_an_error_3(project: Path) -> None:
    assert run(["agent", "run", "x", "--model", script(project, "blah"), "--max-steps", "2"]) == 1
    endless = script(project, code("while True: pass"))
    assert run(["agent", "run", "x", "--model", endless, "--deadline", "1"]) == 1
    assert run(["agent", "run", "x", "--model", "openai:m@http://127.0.0.1:9/v1", "--deadline", "20"]) in (
        1,
        3,
    )


def test_a_file_is_handed_to_the_agent(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (project / "my data.csv").write_text("a,b\n1,2\n")
    model = script(project, code("final_answer(open(my_data).read().splitlines()[1])"))
    capfd.readouterr()
    assert run(["agent", "run", "x", "--model", model, "--file", "my data.csv"]) == 0
    assert capfd.readouterr().out == "1,2\n"


@pytest.mark.parametrize(
    "words",
    [
        ["agent", "run", "x"],
        ["agent", "run", "x", "--model", "nobody:m"],
        ["agent", "run", "x", "--model", "scripted:missing.json"],
        ["agent", "run", "x", "--model", "scripted:s.json", "--tools", "missing.py"],
        ["agent", "run", "x", "--model", "scripted:s.json", "--tools", "no_such_locked_tool"],
        ["agent", "run", "x", "--model", "scripted:s.json", "--tools", "tools/reading_time.py:nope"],
        ["agent", "run", "x", "--model", "scripted:s.json", "--tools", "agent.py"],
        ["agent", "run", "x", "--model", "scripted:s.json", "--file", "missing.csv"],
        ["new", "agent", "Bad-Name"],
        ["new", "tool", "class"],
    ],
)
def test_wrong_usage_is_two_lines_and_exit_code_2(
    project: Path, words: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    (project / "s.json").write_text('["x"]')
    capfd.readouterr()
    assert run(words) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert err.startswith("error: ")
    assert len(err.splitlines()) <= 2


def test_a_broken_policy_is_exit_code_2(project: Path) -> None:
    (project / "toolreg.toml").write_text("[agent]\nfoo = 1\n")
    (project / "s.json").write_text('["x"]')
    assert run(["agent", "run", "x", "--model", "scripted:s.json"]) == 2
    assert run(["doctor"]) == 2


def test_an_unsafe_set_is_exit_code_1(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for name, effect in (("notes", "read: {text}"), ("page", "net: {text}")):
        source = (project / "tools/reading_time.py").read_text()
        start = source.index("def ")
        text = (
            source[:start]
            + f'def {name}(text: str) -> str:\n    """Do {name}.\n\n    Side effects:\n        {effect}\n\n'
            + '    Args:\n        text: A text.\n\n    Returns:\n        A text.\n    """\n    return text\n'
        )
        (project / f"tools/{name}.py").write_text(text)
    model = script(project, code("final_answer(1)"))
    capfd.readouterr()
    assert run(["agent", "run", "x", "--model", model]) == 1
    assert "private data: notes" in capfd.readouterr().err
    assert list((project / "runs").iterdir()) == []
    assert run(["agent", "run", "x", "--model", model, "--allow-trifecta"]) == 0


@pytest.mark.usefixtures("project")
def test_the_doctor_as_json(capfd: pytest.CaptureFixture[str]) -> None:
    capfd.readouterr()
    assert run(["doctor", "--format", "json", "--strict"]) == 0
    report = json.loads(capfd.readouterr().out)
    assert report["ok"] is True
    assert {f["status"] for f in report["findings"]} == {"pass"}


def test_runs_are_listed_exported_and_written_as_a_page(
    project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    model = script(project, code("final_answer(1)"))
    run(["agent", "run", "first task", "--model", model])
    capfd.readouterr()
    assert run(["trace", "list", "--format", "json"]) == 0
    (row,) = json.loads(capfd.readouterr().out)
    assert (row["state"], row["task"], row["problem"]) == ("success", "first task", None)
    for form in ("sts", "otel", "json"):
        assert run(["trace", "export", "--format", form]) == 0
        assert row["id"] in capfd.readouterr().out
    assert run(["trace", "html", "-o", "run.html"]) == 0
    assert "first task" in (project / "run.html").read_text()
    assert run(["trace", "show", "nope"]) == 3


def test_a_record_that_was_changed_is_exit_code_1(project: Path) -> None:
    run(["agent", "run", "first task", "--model", script(project, code("final_answer(1)"))])
    (path,) = project.glob("runs/*/events.jsonl")
    path.write_text(path.read_text().replace("first task", "other task"))
    assert run(["trace", "show"]) == 1


@pytest.mark.usefixtures("empty_home")
def test_the_scaffold_under_its_older_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from toolreg.cli.new import scaffold_main

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["smolagent_safety_scaffold.py", "--name", "research_agent"])
    with pytest.raises(SystemExit) as ended:
        scaffold_main()
    assert ended.value.code == 0
    assert (tmp_path / "research_agent/agent.py").is_file()


def test_a_run_that_is_told_to_end_ends_as_interrupted(project: Path) -> None:
    import signal
    import subprocess
    import sys
    import time

    from toolreg.agent import read_trace

    model = script(project, code("while True: pass"))
    command = [sys.executable, "-m", "toolreg", "agent", "run", "x", "--model", model]
    with subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        for _ in range(600):
            found = list(project.glob("runs/*/events.jsonl"))
            if found and '"type":"code"' in found[0].read_text():
                break
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 130, err
    assert read_trace(found[0].parent).state == "interrupted"


def test_a_run_gives_back_what_a_signal_meant_before(project: Path) -> None:
    before = signal.getsignal(signal.SIGTERM)
    assert run(["agent", "run", "x", "--model", script(project, code("final_answer(1)"))]) == 0
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.parametrize(
    "words",
    [
        ["agent", "run", "x", "--folder", "missing", "--model", "scripted:x"],
        ["doctor", "missing"],
        ["mcp", "serve", "--folder", "missing"],
        ["mcp", "import", "true", "--folder", "missing"],
    ],
    ids=" ".join,
)
@pytest.mark.usefixtures("project")
def test_a_project_that_is_not_there_is_wrong_usage(
    words: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    capfd.readouterr()
    assert run(words) == 2
    assert "missing is no folder" in capfd.readouterr().err


@pytest.mark.parametrize("value", ["0", "-1", "nan", "inf"])
def test_a_limit_is_a_number_above_0(project: Path, value: str, capfd: pytest.CaptureFixture[str]) -> None:
    model = script(project, code("final_answer(1)"))
    capfd.readouterr()
    assert run(["agent", "run", "x", "--model", model, "--deadline", value]) == 2
    assert "deadline must be a number above 0" in capfd.readouterr().err
