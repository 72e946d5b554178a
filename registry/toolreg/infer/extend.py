"""Catalogue files of one's own: for packages that only one team knows."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from toolreg.infer.catalogue import Catalogue, builtin_catalogue
from toolreg.infer.compile import compile_file


def catalogue_with(paths: Iterable[str | Path]) -> Catalogue:
    """The built-in catalogue and these TOML files; a file wins over what is built in.

    Raises ConfigError naming the file and what is wrong with it.
    """
    whole = Catalogue()
    whole.sections.update(builtin_catalogue().sections)
    for path in paths:
        whole.add(compile_file(Path(path)))
    return whole


def use_catalogues(paths: Iterable[str | Path]) -> None:
    """From now on every inference of this process knows these files too. Raises ConfigError."""
    for text in [compile_file(Path(path)) for path in paths]:
        builtin_catalogue().add(text)
