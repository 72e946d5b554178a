"""A real public signature, verified without a network by the roots that sigstore ships."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from toolreg.errors import BadSignature, VerificationError
from toolreg.manifest import KeylessSigner, parse_signer
from toolreg.manifest.signing import authenticate

ASSETS = Path(__file__).parent / "assets"
REAL = (ASSETS / "pypi_attestation_models-0.0.4a2.tar.gz.sigstore").read_bytes()
STAGING = (ASSETS / "rfc8785-0.1.2-py3-none-any.whl.sigstore").read_bytes()


def payload(bundle: bytes) -> bytes:
    return base64.b64decode(json.loads(bundle)["dsseEnvelope"]["payload"])


@pytest.fixture(autouse=True)
def _own_home(tmp_path, monkeypatch):
    """sigstore copies its shipped roots into the user's cache; keep that in the test's folder, and cut the network."""
    for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")


def test_a_real_workflow_signature_holds_offline_and_names_issuer_identity_and_ref():
    signer = authenticate(payload(REAL), REAL)
    assert signer == KeylessSigner(
        "https://token.actions.githubusercontent.com",
        "https://github.com/trailofbits/pypi-attestation-models/.github/workflows/release.yml@refs/tags/v0.0.4a2",
        "refs/tags/v0.0.4a2",
    )
    assert parse_signer(str(signer)) == signer


def test_it_signs_nothing_but_its_own_payload():
    with pytest.raises(BadSignature, match=r"does not sign this toolreg\.json"):
        authenticate(payload(REAL) + b" ", REAL)


def test_a_signature_of_the_staging_service_is_nobodys():
    with pytest.raises(BadSignature, match="keyless signature does not hold"):
        authenticate(payload(STAGING), STAGING)


def changed(change: Callable[[dict[str, Any]], None]) -> bytes:
    bundle = json.loads(REAL)
    change(bundle)
    return json.dumps(bundle).encode()


def other_payload(bundle):
    bundle["dsseEnvelope"]["payload"] = base64.b64encode(
        payload(REAL).replace(b"0.0.4a2", b"0.0.4a3")
    ).decode()


def other_signature(bundle):
    raw = bytearray(base64.b64decode(bundle["dsseEnvelope"]["signatures"][0]["sig"]))
    raw[-1] ^= 1
    bundle["dsseEnvelope"]["signatures"][0]["sig"] = base64.b64encode(raw).decode()


def two_signatures(bundle):
    bundle["dsseEnvelope"]["signatures"] *= 2


def no_signature(bundle):
    bundle["dsseEnvelope"]["signatures"] = []


def other_certificate(bundle):
    bundle["verificationMaterial"]["certificate"] = json.loads(STAGING)["verificationMaterial"]["certificate"]


def other_log_entry(bundle):
    bundle["verificationMaterial"]["tlogEntries"] = json.loads(STAGING)["verificationMaterial"]["tlogEntries"]


def no_log_entry(bundle):
    bundle["verificationMaterial"]["tlogEntries"] = []


def other_time(bundle):
    bundle["verificationMaterial"]["tlogEntries"][0]["integratedTime"] = "1900000000"


def other_type(bundle):
    bundle["dsseEnvelope"]["payloadType"] = "text/plain"


def not_a_certificate(bundle):
    bundle["verificationMaterial"]["certificate"]["rawBytes"] = "AAAA"


def both_key_and_certificate(bundle):
    bundle["verificationMaterial"]["publicKey"] = {"hint": "ed25519:" + "A" * 43 + "="}


@pytest.mark.parametrize(
    "change",
    [
        other_payload, other_signature, two_signatures, no_signature, other_certificate, other_log_entry, no_log_entry,
        other_time, other_type, not_a_certificate, both_key_and_certificate,
    ],
)  # fmt: skip
def test_a_changed_bundle_is_refused(change):
    bundle = changed(change)
    with pytest.raises(BadSignature):
        authenticate(payload(bundle), bundle)


def test_roots_that_cannot_be_kept_are_no_bad_signature(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("a file where the folder should be")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with pytest.raises(VerificationError, match="sigstore cannot keep its roots") as caught:
        authenticate(payload(REAL), REAL)
    assert not isinstance(caught.value, BadSignature)
