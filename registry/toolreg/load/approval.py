"""A second signature: somebody who is not the publisher has read this version and stands for it until a date.

An approval is one file, a Sigstore bundle over an in-toto statement, kept with the project that uses the
tool (`toolreg-approvals/`, beside its lock file), so that it is reviewed and versioned like code. What the author waived
(findings, unresolved effects) is listed in it: the reviewer signs that too, and it ends with the approval.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from toolreg.errors import BadSignature, NotAllowed, SigningError, ToolregError, VerificationError
from toolreg.load.files import replace_file
from toolreg.manifest import Key, Manifest, Signer, Trust, Verified, sign, to_bytes
from toolreg.manifest.digests import sha256
from toolreg.manifest.dsse import read_bundle
from toolreg.manifest.encoding import explain, strict_json
from toolreg.manifest.model import Digest, DigestSet, Part, RepoId, Subject, Time, Version
from toolreg.manifest.names import OWN
from toolreg.manifest.signing import authenticate

FOLDER, SUFFIX = "toolreg-approvals", ".approval.sigstore"
APPROVAL_TYPE: Literal["urn:toolreg:attestation:approval:v1"] = "urn:toolreg:attestation:approval:v1"
_PLAIN = re.compile(r"[^A-Za-z0-9_.-]")


class Waived(Part):
    """Something the author waived with a reason, and the reviewer accepts until the approval ends."""

    what: str
    line: int
    reason: str
    author: str = ""
    until: date | None = None

    def __str__(self) -> str:
        by, until = f"by {self.author}" if self.author else "", f"until {self.until}" if self.until else ""
        fields = ", ".join(filter(None, (until, by)))
        return f"line {self.line}: {self.what}: {self.reason}" + (f" ({fields})" if fields else "")


class Approved(Part):
    """What was read and accepted."""

    repository: RepoId
    version: Version
    definition: Digest
    effects: tuple[str, ...]
    waived: tuple[Waived, ...] = ()
    note: Annotated[str, Field(max_length=2000)] = ""
    approved_at: Time
    expires_at: Time


class Approval(Part):
    """An in-toto statement over every file of a publication, its manifest among them."""

    type: Literal["https://in-toto.io/Statement/v1"] = Field("https://in-toto.io/Statement/v1", alias="_type")
    subject: Annotated[tuple[Subject, ...], Field(min_length=1)]
    predicate_type: Literal["urn:toolreg:attestation:approval:v1"] = APPROVAL_TYPE
    predicate: Approved

    @property
    def digests(self) -> dict[str, str]:
        return {s.name: s.digest.sha256 for s in self.subject}

    def speaks_of(self, manifest: Manifest) -> bool:
        """True if exactly this code with exactly these promises was approved."""
        said, mine = self.predicate, manifest.predicate
        return (
            said.repository == mine.tool.repository
            and said.definition == mine.definition.digest
            and said.effects == mine.effects.declared
            and said.waived == waived_in(manifest)
            and {n: d for n, d in self.digests.items() if n not in OWN} == manifest.digests
        )


@dataclass(frozen=True, slots=True)
class Signed:
    """An approval and whose signature held over it."""

    approval: Approval
    reviewer: Signer


def approve(verified: Verified, key: Key, *, now: datetime, until: datetime, note: str = "") -> bytes:
    """The bytes of an approval of exactly this publication. Raises SigningError.

    The publisher cannot be the second to sign.
    """
    if key.signer == verified.signer:
        raise SigningError("you published it yourself", hint="somebody else must approve it")
    if until <= now:
        raise SigningError("the approval would have ended already", hint="give a later --until")
    predicate = verified.manifest.predicate
    digests = verified.digests  # the manifest and its signature too
    statement = Approval(
        _type="https://in-toto.io/Statement/v1",
        subject=tuple(Subject(name=n, digest=DigestSet(sha256=digests[n])) for n in sorted(digests)),
        predicate=Approved(
            repository=predicate.tool.repository,
            version=predicate.tool.version,
            definition=predicate.definition.digest,
            effects=predicate.effects.declared,
            waived=waived_in(verified.manifest),
            note=note,
            approved_at=now,
            expires_at=until,
        ),
    )
    return sign(to_bytes(statement), key)


def waived_in(manifest: Manifest) -> tuple[Waived, ...]:
    """Every finding and every unresolved effect that the author waived, with the reason given."""
    predicate = manifest.predicate
    findings = [
        Waived(what=s.code, line=s.line, reason=s.reason, author=s.author, until=s.until)
        for s in predicate.checks.suppressions
    ]
    effects = [
        Waived(
            what=f"unresolved: {u.reason}",
            line=u.line,
            reason=u.reason_accepted,
            author=u.accepted_by,
            until=u.accepted_until,
        )
        for u in predicate.effects.unresolved
        if u.reason_accepted
    ]
    return (*findings, *effects)


def read_approval(data: bytes) -> Signed:
    """The approval in a file, its signature checked. Raises BadSignature, VerificationError."""
    bundle = read_bundle(data)
    try:
        payload = base64.b64decode(bundle["dsseEnvelope"]["payload"], validate=True)
    except (KeyError, TypeError, ValueError) as error:
        raise BadSignature("the approval holds no statement", hint="approve it again") from error
    reviewer = authenticate(payload, data)
    try:
        return Signed(Approval.model_validate(strict_json(payload, "the approval")), reviewer)
    except ValidationError as error:
        raise VerificationError(f"the approval: {explain(error)}", hint="approve it again") from error


def file_name(approval: Approval, reviewer: Signer) -> str:
    """One file for each publication and reviewer: a second approval by the same person renews the first."""
    plain = _PLAIN.sub("-", approval.predicate.repository)
    content = sha256(repr((sorted(approval.digests.items()), str(reviewer))).encode())
    return f"{plain}-{approval.predicate.version}-{content[:12]}{SUFFIX}"


def save(data: bytes, folder: Path) -> Path:
    """Write an approval below a folder. Raises ToolregError."""
    signed = read_approval(data)
    path = folder / file_name(signed.approval, signed.reviewer)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        replace_file(path, data)
    except OSError as error:
        raise ToolregError(
            f"cannot write: {error.strerror}", path=str(path), hint="check the folder"
        ) from error
    return path


def read_approvals(folder: Path) -> tuple[Signed, ...]:
    """Every approval in a folder; a folder that is not there holds none. Raises BadSignature with the file."""
    found = []
    for path in sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else ():
        try:
            found.append(read_approval(path.read_bytes()))
        except VerificationError as error:
            error.path = str(path)
            raise
    return tuple(found)


def latest(approvals: Iterable[Signed], repository: str) -> Signed | None:
    """The newest approval of any version of a tool."""
    mine = [s for s in approvals if s.approval.predicate.repository == repository]
    return max(mine, key=lambda s: s.approval.predicate.approved_at, default=None)


@dataclass(frozen=True, slots=True)
class ReviewedTrust:
    """A reader's trust that also wants approvals by `reviewers`, `needed` different ones (`manifest.Trust`).

    An approval that has ended, that speaks of another version or of other effects, or that the publisher
    signed, does not count.
    """

    trust: Trust
    approvals: Sequence[Signed]
    reviewers: frozenset[Signer]
    needed: int = 1

    def accept_signer(self, signer: Signer, repository: str) -> None:
        """Raises WrongSigner."""
        self.trust.accept_signer(signer, repository)

    def accept_manifest(self, manifest: Manifest, signer: Signer, now: datetime) -> None:
        """Raises NotAllowed, Expired."""
        self.trust.accept_manifest(manifest, signer, now)
        good = {s.reviewer for s in self.approvals if s.approval.speaks_of(manifest) and in_force(s, now)}
        count = len((good & self.reviewers) - {signer})
        if count < self.needed:
            name = f"{manifest.predicate.tool.repository} {manifest.predicate.tool.version}"
            raise NotAllowed(
                f"{name} has {count} of {self.needed} approvals",
                hint=f"`toolreg review {manifest.predicate.tool.repository}`, then approve",
            )


def in_force(signed: Signed, now: datetime) -> bool:
    """True between an approval's first and last moment."""
    return signed.approval.predicate.approved_at <= now < signed.approval.predicate.expires_at
