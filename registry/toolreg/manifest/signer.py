"""Who signed: a key, or an identity that a certificate authority vouched for."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass

from toolreg.errors import ConfigError

_KEY = re.compile(r"ed25519:([A-Za-z0-9+/]{43}=)")


@dataclass(frozen=True, slots=True, order=True)
class KeySigner:
    """An Ed25519 key, written `ed25519:BASE64` (32 bytes)."""

    public: str

    @property
    def raw(self) -> bytes:
        """The 32 bytes of the public key."""
        return base64.b64decode(self.public.removeprefix("ed25519:"))

    @property
    def fingerprint(self) -> str:
        """`SHA256:…` as ssh shows keys: short enough to compare by eye."""
        return "SHA256:" + base64.b64encode(hashlib.sha256(self.raw).digest()).decode().rstrip("=")

    def __str__(self) -> str:
        return self.public


@dataclass(frozen=True, slots=True, order=True)
class KeylessSigner:
    """An OIDC identity, written `keyless:ISSUER|IDENTITY|REF`.

    issuer: URL of the identity provider. identity: the certificate's subject, e.g. a workflow's URI.
    ref: the git ref the workflow ran for, empty where the certificate names none.
    """

    issuer: str
    identity: str
    ref: str = ""

    @property
    def fingerprint(self) -> str:
        return f"{self.identity} (by {self.issuer}{', ' + self.ref if self.ref else ''})"

    def __str__(self) -> str:
        return f"keyless:{self.issuer}|{self.identity}|{self.ref}"


Signer = KeySigner | KeylessSigner
_TAG = re.compile(r"refs/tags/.+")


def lasting(signer: Signer) -> Signer:
    """The signer as it stays from release to release: a workflow's tag becomes `refs/tags/*`, a branch stays.

    A certificate never holds a `*`, so that this names nobody else.
    """
    if isinstance(signer, KeySigner):
        return signer
    return KeylessSigner(
        signer.issuer, _TAG.sub("refs/tags/*", signer.identity), _TAG.sub("refs/tags/*", signer.ref)
    )


def matches(pattern: Signer, signer: Signer) -> bool:
    """True if `pattern` means `signer`: `*` in identity and ref is anything; an issuer is named in full."""
    if not isinstance(pattern, KeylessSigner) or not isinstance(signer, KeylessSigner):
        return pattern == signer
    return pattern.issuer == signer.issuer and all(
        re.fullmatch(".*".join(map(re.escape, wanted.split("*"))), got, re.S)
        for wanted, got in ((pattern.identity, signer.identity), (pattern.ref, signer.ref))
    )


def parse_signer(text: str) -> Signer:
    """Read what `str(signer)` wrote. Raises ConfigError."""
    match = _KEY.fullmatch(text)
    if match and base64.b64encode(base64.b64decode(match[1])).decode() == match[1]:
        return KeySigner(text)
    parts = text.removeprefix("keyless:").split("|")
    if text.startswith("keyless:") and len(parts) == 3 and parts[0] and parts[1]:
        return KeylessSigner(*parts)
    raise ConfigError(
        f"'{text}' is no signer", hint="write `ed25519:BASE64` or `keyless:ISSUER|IDENTITY|REF`"
    )


def key_signer(raw: bytes) -> KeySigner:
    """The signer of 32 raw public bytes."""
    return KeySigner("ed25519:" + base64.b64encode(raw).decode())
