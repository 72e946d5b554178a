"""`toolreg.lock`: exactly which bytes of which tools, signed by whom, promising what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from toolreg.effects import Effect
from toolreg.errors import ConfigError, NotFound, VerificationError
from toolreg.load.files import replace_file
from toolreg.manifest import MANIFEST, SIGNATURE, Signer, Verified, parse_signer
from toolreg.manifest.digests import sha256
from toolreg.manifest.encoding import dump, explain, strict_json
from toolreg.manifest.model import Digest, EffectText, RepoId, Sha256, Version
from toolreg.manifest.names import OWN, problem_of_names

NAME = "toolreg.lock"
FORMAT = 1
Commit = Annotated[str, Field(pattern=r"^[0-9a-f]{40}([0-9a-f]{24})?$")]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Entry(_Strict):
    """One locked tool. hub: `local`, `hf` or a URL; revision: what was asked for, empty for the newest."""

    repository: RepoId
    hub: str
    revision: str
    commit: Commit
    version: Version
    name: str
    origin: Literal["published", "locally checked"]
    signer: str
    definition: Digest
    effects: tuple[EffectText, ...]
    files: dict[str, Sha256]
    seal: Digest = Field(description="digest of the rest: an edit by hand or a bad merge shows")

    @model_validator(mode="after")
    def _is_whole(self) -> Entry:
        if self.seal != seal_of(self.model_dump(mode="json", exclude={"seal"})):
            raise ValueError(f"the entry of {self.repository} was changed after it was locked")
        problem = problem_of_names(sorted(set(self.files) - OWN))
        if problem or not set(self.files) >= OWN:
            raise ValueError(problem or f"{MANIFEST} or {SIGNATURE} has no digest")
        try:
            parse_signer(self.signer)
        except ConfigError as error:
            raise ValueError(error.message) from error
        return self

    @property
    def by(self) -> Signer:
        """The signer as a value."""
        return parse_signer(self.signer)

    @property
    def granted(self) -> tuple[Effect, ...]:
        """The locked effects as values."""
        return tuple(Effect.parse(text) for text in self.effects)


class _File(_Strict):
    version: int
    tools: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Lock:
    """The locked tools by repository."""

    entries: Mapping[str, Entry] = field(default_factory=dict)

    def entry(self, repository: str) -> Entry:
        """Raises NotFound, with what is locked."""
        if repository not in self.entries:
            listed = ", ".join(sorted(self.entries)) or "nothing"
            raise NotFound(
                f"{repository} is not in {NAME} (locked: {listed})", hint=f"toolreg add {repository}"
            )
        return self.entries[repository]

    def having(self, *entries: Entry) -> Lock:
        return replace(self, entries={**self.entries, **{e.repository: e for e in entries}})

    def without(self, repository: str) -> Lock:
        return replace(self, entries={r: e for r, e in self.entries.items() if r != repository})


def entry_of(verified: Verified, *, commit: str, hub: str, revision: str = "") -> Entry:
    """What a verified publication is locked to."""
    predicate = verified.manifest.predicate
    values: dict[str, Any] = {
        "repository": predicate.tool.repository,
        "hub": hub,
        "revision": revision,
        "commit": commit,
        "version": predicate.tool.version,
        "name": predicate.definition.name,
        "origin": predicate.origin,
        "signer": str(verified.signer),
        "definition": predicate.definition.digest,
        "effects": list(predicate.effects.declared),
        "files": verified.digests,
    }
    return Entry(**values, seal=seal_of(values))


def seal_of(values: Mapping[str, Any]) -> str:
    """`sha256:…` over an entry's values.

    It stops accidents, not an attacker: review changes to the lock as code.
    """
    return "sha256:" + sha256(dump(values))


def read_lock(path: Path) -> Lock:
    """Read a lock file; a missing one locks nothing. Raises ConfigError naming the fault."""
    try:
        value = strict_json(path.read_bytes(), path.name)
        file = _File.model_validate(value)
    except FileNotFoundError:
        return Lock()
    except ValidationError as error:
        raise ConfigError(f"no valid lock file: {explain(error)}", hint=_MEND, path=str(path)) from error
    except (OSError, VerificationError) as error:
        raise ConfigError(f"no valid lock file: {error}", hint=_MEND, path=str(path)) from error
    if file.version != FORMAT:
        raise ConfigError(
            f"lock file version {file.version} is not known", hint="a newer toolreg wrote it", path=str(path)
        )
    entries = {entry.repository: entry for entry in file.tools}
    if len(entries) != len(file.tools):
        raise ConfigError("a tool is locked twice", hint=_MEND, path=str(path))
    return Lock(entries)


def write_lock(path: Path, lock: Lock) -> None:
    """Write a lock file whole; the same lock gives the same bytes. Raises ConfigError."""
    tools = tuple(lock.entries[name] for name in sorted(lock.entries))
    try:
        replace_file(path, dump(_File(version=FORMAT, tools=tools).model_dump(mode="json")))
    except OSError as error:
        raise ConfigError(
            f"cannot write the lock: {error.strerror}", hint="is the folder writable?", path=str(path)
        ) from error


_MEND = "restore it from version control, or lock the tools again with `toolreg add`"
