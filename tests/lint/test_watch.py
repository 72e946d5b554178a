from __future__ import annotations

import os
from pathlib import Path

from toolreg.lint import LintConfig, LintResult
from toolreg.lint.example import function_tool
from toolreg.lint.watch import look, watch


def test_a_change_is_judged_when_it_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "tool.py"
    path.write_text(function_tool("return input(text)"))
    seen: list[list[str]] = []

    def report(result: LintResult) -> int:
        seen.append([f.code for f in result.open])
        if len(seen) == 3:
            raise KeyboardInterrupt
        path.write_text(
            function_tool("return text.splitlines()[0]")
            if len(seen) == 1
            else function_tool("print(text)\nreturn text")
        )
        os.utime(path, (len(seen), len(seen)))
        return result.exit_code

    assert watch([str(tmp_path)], LintConfig(), report) == 0
    assert seen == [["TRG503"], [], ["TRG504"]]


def test_a_file_that_is_gone_for_a_moment_is_no_error(tmp_path: Path) -> None:
    assert look([str(tmp_path / "nowhere.py")]) == {}
