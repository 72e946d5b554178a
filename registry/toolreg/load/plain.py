"""A smolagents tool without a manifest: judged on this machine before it is locked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from toolreg.errors import NotAllowed, NotFound
from toolreg.load.fetch import Fetched, Ref
from toolreg.manifest import MANIFEST, SIGNATURE, Key, sign, to_bytes
from toolreg.manifest.model import Source
from toolreg.pipeline import Judged, check_paths
from toolreg.release import parsed, release

VERSION = "0.0.0"
FILE = "tool.py"


def check_plain(ref: Ref, fetched: Fetched, key: Key) -> Mapping[str, bytes]:
    """The tool linted, bundled and tried here, as a publication signed by this user, `locally checked`.

    Only its tool.py is read. Raises NotFound where there is none, NotAllowed with the first reasons
    where it is not approved.
    """
    if FILE not in fetched.files:
        raise NotFound(f"{ref.repository} holds no {FILE}", hint="it is no smolagents tool")
    judged = _judged(ref, fetched.files[FILE])
    if not judged.approved:
        reasons = [r.text for r in judged.verdict.reasons]
        found = f"{judged.verdict.status}: {reasons[0] if reasons else ''}"
        raise NotAllowed(
            f"{ref.repository} has no manifest, and checked here it is {found}",
            hint="; ".join(reasons[1:4]) or "ask its author to publish it with toolreg",
        )
    source = Source(path=FILE, commit=fetched.commit)
    files = release(
        judged.report, judged.verdict, repository=ref.repository, version=VERSION, key=key, source=source
    )
    manifest = parsed(files)
    mine = manifest.model_copy(
        update={"predicate": manifest.predicate.model_copy(update={"origin": "locally checked"})}
    )
    return {**files, MANIFEST: to_bytes(mine), SIGNATURE: sign(to_bytes(mine), key)}


def _judged(ref: Ref, code: bytes) -> Judged:
    with TemporaryDirectory(prefix="toolreg-") as folder:
        path = Path(folder) / FILE
        path.write_bytes(code)
        checked = check_paths([str(path)])
        if checked.errors:
            error = checked.errors[0]
            raise NotAllowed(
                f"{ref.repository} has no manifest, and cannot be checked here: {error.message}",
                hint=error.hint,
            )
        if len(checked.judged) != 1:
            raise NotAllowed(
                f"{FILE} of {ref.repository} holds {len(checked.judged)} tools", hint="one is wanted"
            )
        return checked.judged[0]
