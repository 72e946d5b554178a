"""A fresh workspace for every case: what stands beside the tool in `NAME.files/`, copied."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from toolreg.contract import ToolSource
from toolreg.errors import HarnessError

MAX_BYTES = 100_000_000


def companions(tool: ToolSource, suffix: str) -> Path:
    """The companion of a tool: `weather.py` and tool `city_weather` → `city_weather.files` or `weather.files`."""
    folder = Path(tool.path).parent
    own = folder / f"{tool.name}{suffix}"
    return own if own.exists() else folder / f"{Path(tool.path).stem}{suffix}"


@contextmanager
def fresh_workspace(tool: ToolSource) -> Iterator[str]:
    """A temporary folder with the tool's example files; gone afterwards. Raises HarnessError."""
    source = companions(tool, ".files")
    with tempfile.TemporaryDirectory(prefix="toolreg-", ignore_cleanup_errors=True) as folder:
        if source.is_dir():
            _copy(source, Path(folder))
        yield folder


def _copy(source: Path, target: Path) -> None:
    size = sum(f.stat().st_size for f in source.rglob("*") if f.is_file() and not f.is_symlink())
    if size > MAX_BYTES:
        raise HarnessError(f"example files hold more than {MAX_BYTES // 1_000_000} MB", path=str(source))
    try:
        # Links are not followed: an example's workspace holds what stands in the folder and nothing else.
        shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True)
    except (OSError, shutil.Error) as error:
        raise HarnessError(f"example files cannot be copied: {error}", path=str(source)) from error
