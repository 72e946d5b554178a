"""Judge again whenever a file changes, until interrupted."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence

from toolreg.contract.files import find_files
from toolreg.errors import SourceError
from toolreg.lint.cache import stamp
from toolreg.lint.runner import LintResult, lint
from toolreg.lint.settings import LintConfig

PAUSE = 0.3  # seconds between looks; a look at 2,000 files takes about 5 ms


def watch(paths: Sequence[str], config: LintConfig, report: Callable[[LintResult], int]) -> int:
    """Report now and after every change. Ends by KeyboardInterrupt; returns the last exit code."""
    code, seen = 0, dict[str, str]()
    try:
        while True:
            now = look(paths)
            if now != seen:
                seen = now
                code = report(lint(paths, config))
            time.sleep(PAUSE)
    except KeyboardInterrupt:
        return code


def look(paths: Sequence[str]) -> dict[str, str]:
    """Every file with its stamp; a path that is gone for a moment is no error."""
    try:
        files = find_files(paths)
    except SourceError:
        files = [p for p in paths if os.path.isfile(p)]
    return {path: stamp(path) for path in files}
