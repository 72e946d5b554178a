"""Keeps distributions.txt in order: `python -m toolreg.bundle.table` prints it sorted, with what is installed here added.

Reproducible: the output depends on the file and on the installed distributions alone. Only names that differ from
their distribution are added, since a package's own name is no news.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import metadata, resources

from packaging.utils import canonicalize_name

from toolreg.bundle.requirements import read_table


def merged(text: str) -> Iterator[str]:
    """The lines of the file, sorted, with the installed distributions that it lacks."""
    yield from (line for line in text.splitlines() if line.startswith("#"))
    rows = {line.split()[0]: line for line in text.splitlines() if line.strip() and not line.startswith("#")}
    known = read_table(text)
    for top, names in metadata.packages_distributions().items():
        distributions = {canonicalize_name(n) for n in names}
        plain = top.isidentifier() and not top.startswith("_") and top not in sys.stdlib_module_names
        if (
            plain
            and len(distributions) == 1
            and top not in known
            and canonicalize_name(top) not in distributions
        ):
            rows[top] = f"{top} {distributions.pop()}"
    yield from (rows[name] for name in sorted(rows, key=lambda n: (n.lower(), n)))


def main() -> int:
    text = resources.files("toolreg.bundle").joinpath("distributions.txt").read_text(encoding="utf-8")
    sys.stdout.write("".join(f"{line}\n" for line in merged(text)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
