"""An old key vouches for the new one, so that a reader who trusts the one can follow to the other."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from toolreg.errors import BadSignature, ConfigError, UsageError
from toolreg.manifest.keys import Key
from toolreg.manifest.signer import KeySigner, parse_signer

# What is signed begins with this, so that no signature made for anything else is a rotation.
_CONTEXT = "toolreg key rotation v1"
_HINT = "copy the whole line that `toolreg key rotate` printed: OLD NEW SIGNATURE"


@dataclass(frozen=True, slots=True)
class Rotation:
    """`new` takes the place of `old`, says `old`. Written as one line: OLD NEW SIGNATURE (base64)."""

    old: KeySigner
    new: KeySigner
    signature: bytes

    def __str__(self) -> str:
        return f"{self.old} {self.new} {base64.b64encode(self.signature).decode()}"


def vouch(old: Key, new: KeySigner) -> Rotation:
    """The statement of `old` that `new` follows it."""
    return Rotation(old.signer, new, old.private.sign(_statement(old.signer, new)))


def parse_rotation(text: str) -> Rotation:
    """Read a rotation and verify it. Raises UsageError for another text, BadSignature for a false one."""
    parts = text.split()
    try:
        old, new = (parse_signer(part) for part in parts[:2])
        signature = base64.b64decode(parts[2], validate=True)
    except (ConfigError, ValueError, IndexError, binascii.Error) as error:
        raise UsageError("that is no rotation of a key", hint=_HINT) from error
    if len(parts) != 3 or not isinstance(old, KeySigner) or not isinstance(new, KeySigner):
        raise UsageError("that is no rotation of a key", hint=_HINT)
    try:
        Ed25519PublicKey.from_public_bytes(old.raw).verify(signature, _statement(old, new))
    except InvalidSignature as error:
        raise BadSignature(
            f"{old.fingerprint} did not sign that {new.fingerprint} follows it",
            hint="trust the new key only after asking its owner",
        ) from error
    return Rotation(old, new, signature)


def _statement(old: KeySigner, new: KeySigner) -> bytes:
    return f"{_CONTEXT}\n{old}\n{new}\n".encode()
