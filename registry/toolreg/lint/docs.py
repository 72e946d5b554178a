"""The pages below docs/rules/, made from the rules.

python -m toolreg.lint.docs docs/rules
"""

from __future__ import annotations

import sys
from pathlib import Path

from toolreg.lint.packs import BUILTIN, load_rules
from toolreg.lint.pages import index, page


def pages() -> dict[str, str]:
    """File name -> text, for the built-in pack."""
    rules = tuple(rule for rule in load_rules() if rule.pack == BUILTIN)
    return {"README.md": index(rules), **{f"{rule.code}.md": page(rule) for rule in rules}}


def write(folder: Path) -> None:
    """Write every page, and remove those of rules that are gone."""
    folder.mkdir(parents=True, exist_ok=True)
    made = pages()
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")
    for old in folder.glob("TRG*.md"):
        if old.name not in made:
            old.unlink()


if __name__ == "__main__":
    write(Path(sys.argv[1]))
