"""From the journal of an audit to pages: one pass, one file a tool, and the index's data beside it."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import zip_longest
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from toolreg import __version__
from toolreg.audit.gallery.text import visible
from toolreg.audit.items import Row
from toolreg.audit.journal import WHOLE, read_rows, unwritable
from toolreg.audit.report import hosts_of
from toolreg.audit.rows import SUMMARY
from toolreg.effects import KINDS
from toolreg.errors import NotFound

ASSETS = ("style.css", "index.js")
_UNSAFE = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Gallery:
    """What was written: the page to open, and how many tools have a page of their own."""

    index: Path
    tools: int


def write_gallery(audit: Path, folder: Path, *, title: str = "Tools") -> Gallery:
    """Make the pages of a finished audit in `folder`. Raises NotFound, and ToolregError where it cannot write.

    Pages of an earlier gallery in the same folder are replaced; other files there are left alone.
    """
    if not (audit / WHOLE).is_file():
        raise NotFound(
            "there is no finished audit in it",
            path=str(audit),
            hint="run `toolreg audit TARGET -o DIR` first",
        )
    summary = json.loads((audit / SUMMARY).read_text(encoding="utf-8"))
    try:
        return _write(audit / WHOLE, folder, summary, title)
    except OSError as error:
        raise unwritable(folder, error) from error


def _write(journal: Path, folder: Path, summary: Row, title: str) -> Gallery:
    pages = folder / "tools"
    shutil.rmtree(pages, ignore_errors=True)
    pages.mkdir(parents=True)
    copies = Counter(row["copy_of"] for row in read_rows(journal) if "copy_of" in row)
    changed = _changed(summary)
    page, entries = _environment().get_template("tool.html"), []
    rules: dict[str, str] = {}
    for tool, findings in _tools(journal):
        rules |= {f["code"]: f["name"] for f in findings}
        name = page_name(tool)
        added = changed.get((tool["path"], tool["tool"]), [])
        context = {
            "tool": tool,
            "findings": findings,
            "effects": effect_table(tool),
            "title": title,
            "added": added,
        }
        html = page.render(**context, copies=copies[tool["path"]], version=__version__)
        (pages / name).write_text(html, encoding="utf-8", errors="backslashreplace")
        entries.append(entry(tool, f"tools/{name}", bool(added)))
    _write_index(folder, summary, title, entries, rules)
    return Gallery(folder / "index.html", len(entries))


def _write_index(folder: Path, summary: Row, title: str, entries: list[Row], rules: dict[str, str]) -> None:
    data = json.dumps(entries, ensure_ascii=True, separators=(",", ":"))
    (folder / "data.js").write_text(f"window.TOOLS={data};\n", encoding="ascii")
    for asset in ASSETS:
        (folder / asset).write_text(_asset(asset), encoding="utf-8")
    choices = {key: sorted({v for e in entries for v in e[key]}) for key in ("hosts", "signers", "types")}
    html = _environment().get_template("index.html").render(
        title=title, summary=summary, kinds=KINDS, choices=choices, version=__version__, plots=plots(summary, rules)
    )  # fmt: skip
    (folder / "index.html").write_text(html, encoding="utf-8", errors="backslashreplace")


def page_name(tool: Row) -> str:
    """A file name that every system takes, and that no two tools share."""
    slug = _UNSAFE.sub("-", tool["tool"].lower()).strip("-")[:60] or "tool"
    place = f"{tool['path']}\n{tool['tool']}\n{tool['line']}"
    return f"{slug}-{hashlib.sha256(place.encode('utf-8', 'backslashreplace')).hexdigest()[:10]}.html"


def entry(tool: Row, page: str, changed: bool = False) -> Row:
    """One line of the index. `text` is what the search looks at, in lower case."""
    effects = [*(tool["declared"] or ()), *(e["effect"] for e in tool["inferred"]), *tool["observed"]]
    effects = sorted(set(effects))
    hosts, origin = sorted(set(hosts_of(tool))), tool["origin"]
    words = [
        tool["tool"],
        tool["path"],
        tool["summary"],
        *effects,
        *tool["requirements"],
        origin.get("signer", ""),
    ]
    return {
        "name": visible(tool["tool"]),
        "path": visible(tool["path"]),
        "page": page,
        "summary": visible(tool["summary"]),
        "verdict": standing(tool),
        "kinds": sorted({e.partition(":")[0] for e in effects}),
        "effects": [visible(e) for e in _in_short(tool)],
        "hosts": [visible(h) for h in hosts],
        "signers": [visible(origin["signer"])] if origin.get("signer") else [],
        "types": [visible(tool["output_type"])],
        "undeclared": bool(tool["undeclared"]),
        "open": tool["open"],
        "changed": changed,
        "text": visible(" ".join(words).lower())[:2000],
    }


def _in_short(tool: Row, most: int = 12) -> list[str]:
    """What it declares and can, not each file that it was seen to read within that."""
    said = dict.fromkeys(
        [*(tool["declared"] or ()), *(e["effect"] for e in tool["inferred"]), *tool["undeclared"]]
    )
    shown = list(said)[:most]
    return [*shown, f"and {len(said) - most} more"] if len(said) > most else shown


def standing(tool: Row) -> str:
    """The verdict in a reader's words; a tool that only was not tried yet is `CLEAN`."""
    return "CLEAN" if tool["clean"] else str(tool["verdict"])


def effect_table(tool: Row) -> list[Row]:
    """Every effect of a tool with who says so, declared ones first."""
    declared, undeclared = tool["declared"] or [], set(tool["undeclared"])
    inferred: dict[str, list[Row]] = {}
    for evidence in tool["inferred"]:
        inferred.setdefault(evidence["effect"], []).append(evidence)
    names = dict.fromkeys([*declared, *sorted(inferred), *tool["observed"]])
    return [
        {
            "effect": name,
            "declared": name in declared,
            "evidence": inferred.get(name, []),
            "observed": name in tool["observed"],
            "undeclared": name in undeclared,
        }
        for name in names
    ]


def plots(summary: Row, rules: dict[str, str]) -> list[Row]:
    """Bars: how many tools do what. Each has rows of (label, count, share of the longest bar in percent).

    rules: code → name of what was found.
    """
    effects = summary["effects"]
    kinds = {kind: effects.get(kind, {}) for kind in KINDS if kind in effects}
    every = {
        "Declare it": {k: v.get("declared", 0) for k, v in kinds.items()},
        "Their code can": {k: v.get("inferred", 0) for k, v in kinds.items()},
        "Can, but do not declare it": {k: v.get("undeclared", 0) for k, v in kinds.items()},
        "Were seen doing it": {k: v.get("observed", 0) for k, v in kinds.items()},
        "Hosts most spoken to": dict(list(summary["hosts"].items())[:10]),
        "Findings": {
            f"{code} {rules.get(code, '')}".strip(): count
            for code, count in sorted(summary["findings"].items(), key=lambda item: -item[1])[:10]
        },
    }
    return [{"title": t, "rows": _bars(counts)} for t, counts in every.items() if any(counts.values())]


def _bars(counts: dict[str, int]) -> list[tuple[str, int, float]]:
    longest = max(counts.values())
    return [(label, count, round(100 * count / longest, 1)) for label, count in counts.items() if count]


def _tools(journal: Path) -> Iterator[tuple[Row, list[Row]]]:
    """Each tool with the findings of it and of its file."""
    for row in read_rows(journal):
        for tool in row.get("tools", ()):
            yield tool, [f for f in row["findings"] if f["tool"] in ("", tool["tool"])]


def _changed(summary: Row) -> dict[tuple[str, str], list[str]]:
    """(path, tool) → effects that it did not have in the audit before."""
    changes = summary.get("changes") or {}
    return {(row["path"], row["tool"]): row["effects"] for row in changes.get("new_effects", ())}


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("toolreg.audit.gallery"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, finalize=_finalize,
    )  # fmt: skip
    made.filters["count"] = lambda number: f"{number:,}"
    made.filters["standing"] = standing
    made.globals["zip_longest"] = zip_longest
    return made


def _finalize(value: Any) -> Any:
    """Every text that a template prints passes here, so none can hide a character."""
    return visible(value) if type(value) is str else value


def _asset(name: str) -> str:
    return (files("toolreg.audit.gallery") / "templates" / name).read_text(encoding="utf-8")
