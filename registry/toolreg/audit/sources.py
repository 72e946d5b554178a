"""From a target to the files to judge: which of the sources it means."""

from __future__ import annotations

import os
from collections.abc import Iterator

from toolreg.audit.items import Found, from_folder


def found_in(target: str, *, fixtures: bool = False) -> Iterator[Found]:
    """The files of a target, as they are read."""
    if os.path.exists(target):
        return from_folder(target, fixtures=fixtures)
    raise NotImplementedError
