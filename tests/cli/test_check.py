"""`toolreg check` gives a verdict on every tool, and says why."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.mark.usefixtures("tools")
def test_the_reference_tools_are_approved(toolreg: Callable) -> None:
    done = toolreg("check", "tools", "--format", "json")
    report = json.loads(done.out)
    assert [(t["tool"], t["verdict"], t["reasons"]) for t in report["tools"]] == [
        (name, "APPROVED", [])
        for name in ("git_history", "save_note", "sql_query", "table_profile", "web_page", "word_count")
    ]
    effects = {t["tool"]: t["effects"] for t in report["tools"]}
    assert effects["word_count"]["declared"] == []
    assert [e["effect"] for e in effects["table_profile"]["inferred"]] == ["read:{path}"]
    seen = {tool: {o["effect"] for o in e["observed"]} for tool, e in effects.items()}
    assert seen["web_page"] >= {"net:example.com"}
    assert seen["save_note"] >= {"write:findings.md"}
    assert seen["table_profile"] >= {"read:people.csv", "read:people.json"}
    assert seen["sql_query"] >= {"read:shop.db"}
    assert any(e.startswith("run:") and "git" in e for e in seen["git_history"])
    assert done.code == 0


def test_an_added_read_is_refused_by_what_the_code_can_do(toolreg: Callable, tools: Path) -> None:
    page = tools / "web_page.py"
    page.write_text(
        page.read_text().replace(
            "    response = requests", '    open("/etc/passwd").read()\n    response = requests'
        )
    )
    linted = toolreg("lint", str(page))
    assert linted.code == 1
    assert "read:/etc/passwd" in linted.out
    checked = toolreg("check", str(page))
    assert checked.code == 1
    assert "can do read:/etc/passwd" in checked.out


def test_a_hidden_read_is_not_approved(toolreg: Callable, tools: Path) -> None:
    page = tools / "web_page.py"
    hidden = '    getattr(__builtins__, "op" + "en")("/etc/passwd").read()\n    response = requests'
    page.write_text(page.read_text().replace("    response = requests", hidden))
    done = toolreg("check", str(page), "--format", "json")
    (tool,) = json.loads(done.out)["tools"]
    assert tool["verdict"] in ("BLOCKED", "INCOMPLETE")
    assert any("passwd" in r["text"] or "unresolved" in r["text"] for r in tool["reasons"])
    assert done.code in (1, 3)


def test_a_read_that_only_the_sandbox_can_see_is_refused(toolreg: Callable, write_tool: Callable) -> None:
    path = write_tool(
        """
        # toolreg: ignore[TRG306] the name is known
        reader = getattr(__builtins__, "op" + "en", None) or __builtins__["op" + "en"]
        return reader("/etc/passwd").read()[:0] + text
        """
    )
    done = toolreg("check", str(path), "--format", "json")
    (tool,) = json.loads(done.out)["tools"]
    assert "read:/etc/passwd" in {o["effect"] for o in tool["effects"]["observed"]}
    assert tool["verdict"] == "BLOCKED"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("raise KeyError(text)", "KeyError"),
        ("while True:\n    pass", "was stopped"),
        ("for _ in range(1000):\n    print('x' * 100_000)\nreturn text", "expected"),
        ("import os\nos._exit(0)", "was stopped"),
        ("import os, signal\nos.kill(os.getppid() or 1 << 20, signal.SIGKILL)\nreturn 'alive'", "examples at line"),
        ("return [b'\\xff' * 3] * 2", "expected"),
        ("blob = []\nwhile True:\n    blob.append(bytearray(10_000_000))", "MemoryError"),
        ("def deep(n: int) -> str:\n    return deep(n + 1)\nreturn deep(0)", "RecursionError"),
    ],
)  # fmt: skip
def test_a_tool_that_misbehaves_is_blocked_with_one_line(
    toolreg: Callable, write_tool: Callable, body: str, says: str
) -> None:
    path = write_tool(body)
    done = toolreg("check", str(path), "--format", "json")
    (tool,) = json.loads(done.out)["tools"]
    assert tool["verdict"] != "APPROVED"
    assert any(says in r["text"] for r in tool["reasons"]), tool["reasons"]
    assert all("\n" not in r["text"] and len(r["text"]) < 2000 for r in tool["reasons"])
    assert done.code in (1, 3)


BAD_FILES = [
    (b"def broken(:\n", "does not parse", 1),
    (b"# caf\xe9\n", "not UTF-8", 1),
    (b"", "file is empty", 0),
    (b"x = 1\n", "no tool", 0),
    (b"x = '\x00'\n", "null byte", 1),
    (b"x = " + b"(" * 5000, "", 0),
]


@pytest.mark.parametrize("command", ["lint", "check"])
@pytest.mark.parametrize(("data", "says", "line"), BAD_FILES)
def test_a_file_that_cannot_be_judged_is_named(
    toolreg: Callable, tmp_path: Path, command: str, data: bytes, says: str, line: int
) -> None:
    path = tmp_path / "bad.py"
    path.write_bytes(data)
    done = toolreg(command, "bad.py")
    assert done.code == 3
    assert (
        f"error: bad.py:{line}: " in done.err
        if line
        else "error: bad.py: " in done.err or "bad.py:1" in done.err
    )
    assert says in done.err
    assert "hint: " in done.err


@pytest.mark.parametrize("command", ["lint", "check", "effects"])
def test_a_missing_path_is_named(toolreg: Callable, command: str) -> None:
    done = toolreg(command, "nowhere.py")
    assert (done.code, "nowhere.py" in done.err, "hint: " in done.err) == (3, True, True)


@pytest.mark.parametrize("command", ["lint", "check"])
def test_a_loop_of_folders_is_walked_once(
    toolreg: Callable, write_tool: Callable, tmp_path: Path, command: str
) -> None:
    write_tool("return text")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    done = toolreg(command, ".", "--format", "json")
    assert done.code in (0, 1)
    assert done.out.count('"path": "./probe.py"') <= done.out.count("probe.py")


def test_an_unknown_effect_kind_is_named_with_its_line(toolreg: Callable, write_tool: Callable) -> None:
    path = write_tool("return text", effects="fetch: example.com")
    done = toolreg("check", path.name)
    assert done.code == 1
    assert f"{path.name}:9: TRG302" in done.out
    assert "fetch" in done.out


def test_two_tools_of_one_name_are_refused(toolreg: Callable, write_tool: Callable, tmp_path: Path) -> None:
    path = write_tool("return text")
    (tmp_path / "again.py").write_bytes(path.read_bytes())
    done = toolreg("check", "again.py", "probe.py")
    assert done.code == 1
    assert "probe" in done.out


def test_a_tool_without_examples_is_incomplete(toolreg: Callable, write_tool: Callable) -> None:
    path = write_tool("return text")
    path.write_text(path.read_text().replace(">>> probe('a')", "Call it.").replace("        'a'\n", ""))
    done = toolreg("check", path.name, "--format", "json")
    (tool,) = json.loads(done.out)["tools"]
    assert tool["verdict"] != "APPROVED"
    assert any("no case ran" in r["text"] for r in tool["reasons"])


def test_nothing_is_left_behind(toolreg: Callable, write_tool: Callable, tmp_path: Path) -> None:
    write_tool("while True:\n    pass")
    toolreg("check", ".")
    assert list((tmp_path / "temporary").iterdir()) == []
    # Nobody has mounted anything for a call here; a container daemon of another test has mounts of its own.
    mounts = [line for line in Path("/proc/self/mounts").read_text().splitlines() if "toolreg" in line]
    assert [line for line in mounts if "toolreg-docker" not in line] == []
