"""Packages that the catalogue does not know: their installed sources are read, from the called function on.

Nothing of them is imported. The answer is kept, with the state of every file it rests on, so that a second
look is one file read. A native extension ends the way with `native:`; a bound that is reached is a question.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Sequence

from toolreg.contract import ToolSource
from toolreg.effects import Effect
from toolreg.infer.catalogue import COMPILED
from toolreg.infer.infer import files_read, infer
from toolreg.infer.machine import InferOptions
from toolreg.infer.model import Evidence, Inference, Unresolved

MAX_STEPS = 1_500_000
SECONDS = 20.0
ENGINE = b"1"  # change it when the same code would get another answer


def installed(paths: Sequence[str] = ()) -> tuple[str, ...]:
    """The folders where packages are installed: those of `paths`, or of the running interpreter."""
    return tuple(p for p in (paths or sys.path) if os.path.isdir(p) and p.rstrip("/").endswith("-packages"))


def infer_deep(tool: ToolSource, *, search: Sequence[str] = (), cache: str = "") -> Inference:
    """Like `infer`, following calls into installed packages. cache: a folder for answers, "" for none."""
    folders = installed(search)
    kept = os.path.join(cache, _key(tool, folders) + ".json") if cache else ""
    found = _load(kept) if kept else None
    if found is None:
        options = InferOptions(max_steps=MAX_STEPS, seconds=SECONDS, search=folders)
        found = _gathered(infer(tool, options=options), folders)
        if kept:
            _save(kept, found, files_read(tool.module, options))
    return found


def _gathered(found: Inference, folders: tuple[str, ...]) -> Inference:
    """Inside installed packages one place stands for all of an effect, and one for all of a question."""
    evidence: dict[object, Evidence] = {}
    for e in found.evidence:
        evidence.setdefault(e.effect if e.path.startswith(folders) else e, e)
    questions: dict[object, Unresolved] = {}
    for u in found.unresolved:
        questions.setdefault((u.kind, u.reason) if u.path.startswith(folders) else u, u)
    return Inference(tuple(evidence.values()), tuple(questions.values()))


def _key(tool: ToolSource, folders: tuple[str, ...]) -> str:
    with open(COMPILED, "rb") as file:
        digest = hashlib.sha256(ENGINE + file.read())
    for piece in (tool.module.data, tool.path.encode(), tool.name.encode(), "\0".join(folders).encode()):
        digest.update(b"\0" + piece)
    return digest.hexdigest()


def _state(path: str) -> list[object]:
    """What tells that a file is still the same; [] where it is gone."""
    try:
        stat = os.stat(path)
    except OSError:
        return []
    return [stat.st_mtime_ns, stat.st_size]


def _load(path: str) -> Inference | None:
    import json

    try:
        with open(path, encoding="utf-8") as file:
            kept = json.load(file)
        if any(_state(name) != state for name, state in kept["files"].items()):
            return None
        return Inference(
            tuple(Evidence(Effect(*e), p, n, tuple(via)) for e, p, n, via in kept["evidence"]),
            tuple(
                Unresolved(p, n, why, kind, Effect(*worst) if worst else None, tuple(derived))
                for p, n, why, kind, worst, derived in kept["unresolved"]
            ),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None  # not there, or not ours: it is made anew


def _save(path: str, found: Inference, files: Sequence[str]) -> None:
    import json

    kept = {
        "files": {name: _state(name) for name in files},
        "evidence": [[_plain(e.effect), e.path, e.line, e.via] for e in found.evidence],
        "unresolved": [
            [u.path, u.line, u.reason, u.kind, _plain(u.worst) if u.worst else None, u.derived]
            for u in found.unresolved
        ],
    }
    os.makedirs(os.path.dirname(path), exist_ok=True)
    draft = f"{path}.{os.getpid()}"
    with open(draft, "w", encoding="utf-8") as file:
        json.dump(kept, file)
    os.replace(draft, path)


def _plain(effect: Effect) -> list[str]:
    return [effect.kind, effect.target, effect.qualifier]
