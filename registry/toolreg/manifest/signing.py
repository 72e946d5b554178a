"""Sigstore keyless: sign as a CI identity, and verify such a bundle without a network.

The one importer of sigstore, and only inside the functions: it costs half a second that a
key-signed tool never pays. The public log keeps every keyless signature and the manifest's digest for ever.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography import x509

from toolreg.errors import BadSignature, SigningError, VerificationError
from toolreg.manifest import dsse
from toolreg.manifest.keys import Key
from toolreg.manifest.names import SIGNATURE
from toolreg.manifest.signer import KeylessSigner, Signer

if TYPE_CHECKING:
    from sigstore.models import ClientTrustConfig
    from sigstore.verify import Verifier

# https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md; the first is DER, the second plain text
_ISSUER = ("1.3.6.1.4.1.57264.1.8", "1.3.6.1.4.1.57264.1.1")
_REF = ("1.3.6.1.4.1.57264.1.14", "1.3.6.1.4.1.57264.1.6")


def authenticate(manifest: bytes, signature: bytes) -> Signer:
    """Who signed these very bytes, whoever that is. Raises BadSignature.

    Nothing of the manifest is parsed here.
    """
    bundle = dsse.read_bundle(signature)
    if dsse.is_key_signed(bundle):
        return dsse.verify_key(bundle, signature, manifest)
    return verify_keyless(manifest, signature)


def sign(manifest: bytes, by: Key | Keyless) -> bytes:
    """`toolreg.json.sigstore` for exactly these manifest bytes. Raises SigningError."""
    return dsse.sign(manifest, by) if isinstance(by, Key) else by.sign(manifest)


@dataclass(frozen=True, slots=True)
class Keyless:
    """Signs as the CI job this runs in; its identity and the manifest's digest become public for ever.

    config, token: another Sigstore than the public one, and the identity token to use there.
    """

    config: ClientTrustConfig | None = None
    token: str = ""

    def signs_as(self, signer: Signer) -> bool:
        """True if what `signer` signed need not be signed again: keyless identities differ by their ref alone."""
        return isinstance(signer, KeylessSigner)

    def sign(self, manifest: bytes) -> bytes:
        """Raises SigningError where there is no identity or the services do not answer."""
        from sigstore.dsse import Statement
        from sigstore.models import ClientTrustConfig
        from sigstore.oidc import IdentityToken, detect_credential
        from sigstore.sign import SigningContext

        try:
            token = self.token or detect_credential()
            if token is None:
                raise SigningError(
                    "no CI identity to sign with", hint="run in CI with `id-token: write`, or sign with a key"
                )
            context = SigningContext.from_trust_config(self.config or ClientTrustConfig.production())
            with context.signer(IdentityToken(token)) as signer:
                return signer.sign_dsse(Statement(manifest)).to_json().encode() + b"\n"
        except SigningError:
            raise
        except Exception as error:  # sigstore's clients raise errors without a common root
            raise SigningError(
                f"keyless signing failed: {_line(error)}", hint="try again, or sign with a key"
            ) from error


def verify_keyless(manifest: bytes, signature: bytes, *, verifier: Verifier | None = None) -> KeylessSigner:
    """The identity behind a keyless bundle, by sigstore's own offline roots. Raises BadSignature."""
    from sigstore.models import Bundle

    identity, verifier = _Identity(), verifier or _offline()
    try:
        bundle = Bundle.from_json(signature)
        kind, payload = verifier.verify_dsse(bundle, identity)
    except Exception as error:  # whatever a stranger's bundle makes sigstore raise is a refusal
        raise BadSignature(
            f"the keyless signature does not hold: {_line(error)}", hint="do not load it"
        ) from error
    if kind != dsse.PAYLOAD_TYPE or payload != manifest or identity.signer is None:
        raise BadSignature(f"{SIGNATURE} does not sign this toolreg.json", hint="do not load it")
    return identity.signer


def _line(error: Exception) -> str:
    return (str(error) or type(error).__name__).split("\n", 1)[0][:200]


def _offline() -> Verifier:
    from sigstore.verify import Verifier

    # It warns on stderr that offline roots are not refreshed; offline is what was asked for.
    logging.getLogger("sigstore").addHandler(logging.NullHandler())
    try:
        return Verifier.production(offline=True)
    except OSError as error:
        raise VerificationError(
            f"sigstore cannot keep its roots: {error.strerror}", hint="is the cache folder writable?"
        ) from error


@dataclass(slots=True)
class _Identity:
    """A sigstore policy that refuses nobody and notes whose certificate it was; trust comes after."""

    signer: KeylessSigner | None = None

    def verify(self, cert: x509.Certificate) -> None:
        from sigstore.errors import VerificationError as SigstoreRefusal

        issuer, identity, ref = _extension(cert, *_ISSUER), _subject(cert), _extension(cert, *_REF)
        if not issuer or not identity or set("|*") & set(issuer + identity + ref):
            raise SigstoreRefusal("the certificate names no issuer or no plain identity")
        self.signer = KeylessSigner(issuer, identity, ref)


def _subject(cert: x509.Certificate) -> str:
    """The one e-mail address or URI that the certificate is for."""
    try:
        names = cert.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ""
    found = [
        *names.get_values_for_type(x509.RFC822Name),
        *names.get_values_for_type(x509.UniformResourceIdentifier),
    ]
    return found[0] if len(found) == 1 else ""


def _extension(cert: x509.Certificate, der: str, plain: str) -> str:
    for oid, skip in ((der, True), (plain, False)):
        try:
            value = cert.extensions.get_extension_for_oid(x509.ObjectIdentifier(oid)).value
        except x509.ExtensionNotFound:
            continue
        if isinstance(value, x509.UnrecognizedExtension):
            return _utf8_string(value.value) if skip else value.value.decode("utf-8", "replace")
    return ""


def _utf8_string(der: bytes) -> str:
    """A DER UTF8String; empty for anything else."""
    if len(der) < 2 or der[0] != 0x0C:
        return ""
    start = 2 if der[1] < 0x80 else 2 + (der[1] & 0x7F)
    length = der[1] if der[1] < 0x80 else int.from_bytes(der[2:start], "big")
    return der[start:].decode("utf-8", "replace") if len(der) == start + length else ""
