from __future__ import annotations

from pathlib import Path

import pytest

from toolreg.cli.lint import main
from toolreg.lint import LintConfig, lint, load_rules
from toolreg.lint.fixes import fix_bytes
from toolreg.testing import Example, examples

RULES = load_rules()
FIXABLE = [e for e in examples() if e.kind == "bad" and e.rule.fix and e.number == 1]


def fixed(text: str, *, unsafe: bool = True) -> str:
    data, _ = fix_bytes("tool.py", text.encode(), RULES, LintConfig(), unsafe=unsafe)
    return data.decode()


@pytest.mark.parametrize("example", FIXABLE, ids=str)
def test_a_rule_that_promises_a_fix_mends_its_examples(example: Example) -> None:
    after = fixed(example.source, unsafe=example.rule.fix == "unsafe")
    assert after != example.source
    from toolreg.testing import codes_in

    assert example.rule.code not in codes_in(after, RULES)


@pytest.mark.parametrize("example", [e for e in examples() if e.kind == "bad"], ids=str)
def test_a_second_run_changes_nothing(example: Example) -> None:
    once = fixed(example.source)
    assert fixed(once) == once


DRAFT = """import requests
from smolagents import tool


@tool
def fetch_page(url: str) -> str:
    page = requests.get(url)  # the page
    if page.status_code == 404:
        raise ValueError("gone")
    return page.text[:1000]
"""
DRAFTED = '''import requests
from smolagents import tool


@tool
def fetch_page(url: str) -> str:
    """Fetch page.

    Side effects:
        net: {url}

    Args:
        url: The url, as str.

    Returns:
        The result, as str.

    Raises:
        ValueError: The call cannot be answered.
    """
    page = requests.get(url, timeout=30)  # the page
    if page.status_code == 404:
        raise ValueError("gone")
    return page.text[:1000]
'''


def test_a_whole_docstring_is_drafted_from_signature_and_code() -> None:
    assert fixed(DRAFT) == DRAFTED


def test_safe_fixes_invent_nothing() -> None:
    assert fixed(DRAFT, unsafe=False) == DRAFT


NUMPY = '''from smolagents import tool


@tool
def head_of(path: str, count: int = 10) -> str:
    """Give the first lines of a file.

    They are given as they stand.

    Parameters
    ----------
    path : str
        File to read, e.g. "a.txt".
    count : int
        Lines to give,
        1 to 100.

    Returns
    -------
    str
        The lines.
    """
    with open(path) as file:
        return "".join(file.readlines()[:count])
'''
GOOGLE = '''    """Give the first lines of a file.

    They are given as they stand.

    Side effects:
        read: {path}

    Args:
        path: File to read, e.g. "a.txt".
        count: Lines to give, 1 to 100.

    Returns:
        The lines.
    """
'''


def test_numpy_becomes_google() -> None:
    assert GOOGLE in fixed(NUMPY)


def test_rest_becomes_google() -> None:
    rest = (
        NUMPY[: NUMPY.index("    Parameters")]
        + (
            '    :param path: File to read, e.g. "a.txt".\n    :param count: Lines to give, 1 to 100.\n    :returns: The lines.\n    """\n'
        )
        + NUMPY[NUMPY.index("    with open") :]
    )
    assert GOOGLE in fixed(rest)


def test_sections_are_moved_and_their_text_kept() -> None:
    before = fixed(NUMPY)
    args = before[before.index("    Args:") : before.index("    Returns:")]
    assert (
        fixed(
            before.replace(args, "").replace(
                "        The lines.\n", "        The lines.\n\n" + args.rstrip() + "\n"
            )
        )
        == before
    )


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_line_ends_mark_and_everything_else_stay_as_they_are(newline: str, bom: bytes) -> None:
    text = "# ä comment\n" + DRAFT + "\n\n\nx  =  {  1 :2}   # odd\n\t\n# end without newline"
    data = bom + text.replace("\n", newline).encode()
    after, count = fix_bytes("tool.py", data, RULES, LintConfig(), unsafe=True)
    assert count > 0
    assert after.startswith(bom + "# ä comment".encode())
    assert after.endswith(
        ("x  =  {  1 :2}   # odd" + newline + "\t" + newline + "# end without newline").encode()
    )
    assert after.count(b"\n") == after.count(newline.encode())


def test_diff_shows_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tool.py").write_text(DRAFT)
    assert main(["tool.py", "--diff", "--unsafe-fixes", "--no-cache"]) == 1
    out = capsys.readouterr().out
    assert "+    Side effects:\n" in out
    assert (tmp_path / "tool.py").read_text() == DRAFT


def test_fix_writes_keeps_the_mode_and_reports_what_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "tool.py"
    path.write_text(DRAFT)
    path.chmod(0o640)
    assert main(["tool.py", "--fix", "--unsafe-fixes", "--no-cache"]) == 1
    assert path.read_text() == DRAFTED
    assert path.stat().st_mode & 0o777 == 0o640
    assert [p.name for p in tmp_path.iterdir()] == ["tool.py"]


def test_a_suppressed_finding_is_not_mended() -> None:
    text = DRAFTED.replace(
        "requests.get(url, timeout=30)  # the page",
        "requests.get(url)  # toolreg: ignore[TRG501] trusted host",
    )
    assert fixed(text) == text


def test_a_timeout_is_added_after_the_last_argument_in_any_layout() -> None:
    text = DRAFTED.replace("requests.get(url, timeout=30)", "requests.get(\n        url,\n    )")
    assert "requests.get(\n        url,\n        timeout=30,\n    )" in fixed(text)
    text = DRAFTED.replace("requests.get(url, timeout=30)", "requests.get((url))")
    assert "timeout" not in fixed(text)  # a layout that cannot be told surely is left alone
    assert "requests.get(url, headers={}, timeout=30)" in fixed(
        DRAFTED.replace("url, timeout=30", "url, headers={}")
    )
    assert "requests.get(url, timeout=30)" in fixed(DRAFTED.replace("url, timeout=30", "url,"))


def test_nothing_is_written_into_a_file_that_does_not_parse(tmp_path: Path) -> None:
    (tmp_path / "tool.py").write_text(DRAFT + "def (:\n")
    from toolreg.lint.fixes import fix_paths

    outcome = fix_paths([str(tmp_path / "tool.py")], LintConfig(), unsafe=True, write=True)
    assert outcome.result.errors
    assert (tmp_path / "tool.py").read_text() == DRAFT + "def (:\n"


def test_lint_of_the_mended_file_agrees(tmp_path: Path) -> None:
    (tmp_path / "tool.py").write_text(fixed(NUMPY))
    assert {f.code for f in lint([str(tmp_path / "tool.py")], LintConfig()).open} <= {"TRG205"}
