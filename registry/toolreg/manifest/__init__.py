"""The chain from an approved tool to a verified one: manifest, signature, verification."""

from toolreg.manifest.build import build_manifest, definition, same_but_for_time
from toolreg.manifest.encoding import parse_manifest, to_bytes
from toolreg.manifest.keys import Key, open_or_create
from toolreg.manifest.model import Manifest
from toolreg.manifest.names import MANIFEST, SIGNATURE
from toolreg.manifest.signer import KeylessSigner, KeySigner, Signer, parse_signer
from toolreg.manifest.signing import Keyless, sign
from toolreg.manifest.verify import Anyone, Trust, Verified, examine, read_folder, verify

__all__ = [
    "MANIFEST",
    "SIGNATURE",
    "Anyone",
    "Key",
    "KeySigner",
    "Keyless",
    "KeylessSigner",
    "Manifest",
    "Signer",
    "Trust",
    "Verified",
    "build_manifest",
    "definition",
    "examine",
    "open_or_create",
    "parse_manifest",
    "parse_signer",
    "read_folder",
    "same_but_for_time",
    "sign",
    "to_bytes",
    "verify",
]
