"""One carrier for every signature: a Sigstore bundle v0.3 holding a DSSE envelope.

https://github.com/secure-systems-lab/dsse/blob/v1.0.0/protocol.md
https://docs.sigstore.dev/about/bundle/
A key-signed bundle has one written form, so that no byte of it can change unnoticed.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from toolreg.errors import BadSignature, ConfigError, VerificationError
from toolreg.manifest.digests import sha256
from toolreg.manifest.encoding import canonical, dump, strict_json
from toolreg.manifest.keys import Key
from toolreg.manifest.names import SIGNATURE
from toolreg.manifest.signer import KeySigner, parse_signer

PAYLOAD_TYPE = "application/vnd.in-toto+json"
BUNDLE_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json"
_CHANGED = "the signature or the manifest was changed; do not load it"


def pae(payload_type: str, payload: bytes) -> bytes:
    """DSSE's pre-authentication encoding: what is really signed."""
    return b"DSSEv1 %d %s %d %s" % (len(payload_type), payload_type.encode(), len(payload), payload)


def sign(manifest: bytes, key: Key) -> bytes:
    """`toolreg.json.sigstore` for exactly these manifest bytes."""
    return dump(_bundle(manifest, key.signer, key.private.sign(pae(PAYLOAD_TYPE, manifest))))


def read_bundle(data: bytes) -> dict[str, Any]:
    """A bundle's JSON, its envelope's type checked. Raises BadSignature."""
    try:
        value: Any = strict_json(data, SIGNATURE)
    except VerificationError as error:
        raise BadSignature(error.message, hint=error.hint) from error
    envelope = value.get("dsseEnvelope") if isinstance(value, dict) else None
    if not isinstance(envelope, dict) or value.get("mediaType") != BUNDLE_TYPE:
        raise BadSignature(f"{SIGNATURE} is no Sigstore bundle v0.3 with a DSSE envelope", hint=_CHANGED)
    if envelope.get("payloadType") != PAYLOAD_TYPE:
        raise BadSignature(
            f"{SIGNATURE} signs {envelope.get('payloadType')!r}, not {PAYLOAD_TYPE}", hint=_CHANGED
        )
    return dict(value)


def is_key_signed(bundle: dict[str, Any]) -> bool:
    material = bundle.get("verificationMaterial")
    return isinstance(material, dict) and "publicKey" in material


def verify_key(bundle: dict[str, Any], written: bytes, manifest: bytes) -> KeySigner:
    """The key that signed these very manifest bytes. Raises BadSignature.

    Says nothing of trust: anyone can make a key.
    """
    canonical(written, bundle, SIGNATURE)
    try:
        signer = parse_signer(bundle["verificationMaterial"]["publicKey"]["hint"])
        (signature,) = bundle["dsseEnvelope"]["signatures"]
        raw = base64.b64decode(signature["sig"], validate=True)
    except (KeyError, TypeError, ValueError, AttributeError, binascii.Error, ConfigError) as error:
        raise BadSignature(f"{SIGNATURE} lacks a key or a signature", hint=_CHANGED) from error
    # Rebuilding the whole bundle and comparing leaves no field that nobody looks at.
    if not isinstance(signer, KeySigner) or _bundle(manifest, signer, raw) != bundle:
        raise BadSignature(f"{SIGNATURE} does not sign this toolreg.json", hint=_CHANGED)
    try:
        Ed25519PublicKey.from_public_bytes(signer.raw).verify(raw, pae(PAYLOAD_TYPE, manifest))
    except InvalidSignature as error:
        raise BadSignature("the signature does not hold", hint=_CHANGED) from error
    return signer


def _bundle(manifest: bytes, signer: KeySigner, signature: bytes) -> dict[str, Any]:
    return {
        "mediaType": BUNDLE_TYPE,
        "verificationMaterial": {"publicKey": {"hint": str(signer)}, "tlogEntries": []},
        "dsseEnvelope": {
            "payload": _b64(manifest),
            "payloadType": PAYLOAD_TYPE,
            "signatures": [{"keyid": sha256(signer.raw), "sig": _b64(signature)}],
        },
    }


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()
