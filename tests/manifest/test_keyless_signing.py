"""Keyless signing end to end, against a Sigstore in miniature: a certificate authority, its log of certificates
and a log of signatures, over loopback HTTP, with sigstore's own client on our side.
"""

from __future__ import annotations

import base64
import hashlib
import json
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import jwt
import pytest
import rfc8785
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from sigstore.models import ClientTrustConfig
from sigstore.verify import Verifier

from toolreg.errors import BadSignature, SigningError
from toolreg.manifest import Keyless, KeylessSigner, sign, to_bytes
from toolreg.manifest.signing import verify_keyless

ISSUER = "https://ci.example"
WORKFLOW = "https://git.example/acme/tools/.ci/release.yml@refs/tags/v1"
SCT_LIST = x509.ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2")
NOW = datetime.now(UTC).replace(microsecond=0)


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def der_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.DER, form)


def text_extension(oid: str, text: str) -> x509.UnrecognizedExtension:
    return x509.UnrecognizedExtension(
        x509.ObjectIdentifier(oid), b"\x0c" + bytes([len(text)]) + text.encode()
    )


@dataclass
class Sigstore:
    """Three keys and what they sign. `refuse` names an endpoint that answers with an error."""

    url: str = ""
    refuse: str = ""
    identity: str = WORKFLOW
    ca: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    ct: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    log: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def __post_init__(self) -> None:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "miniature")])
        self.root = (
            self._builder(name, name, self.ca.public_key())
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(keyCertSign=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self.ca.public_key()), critical=False)
            .sign(self.ca, hashes.SHA256())
        )

    def _builder(self, subject: x509.Name, issuer: x509.Name, key: Any) -> x509.CertificateBuilder:
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
        builder = builder.serial_number(x509.random_serial_number())
        # Longer than the ten minutes of the real one: a whole run of the tests lies between here and its use.
        return builder.not_valid_before(NOW - timedelta(minutes=5)).not_valid_after(NOW + timedelta(hours=3))

    def certificate(self, csr: x509.CertificateSigningRequest) -> list[str]:
        """The chain for a request: the leaf names the workflow and carries its log's timestamp."""
        leaf = (
            self._builder(x509.Name([]), self.root.subject, csr.public_key())
            .add_extension(_usage(digitalSignature=True), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.ca.public_key()), critical=False
            )
            .add_extension(
                x509.SubjectAlternativeName([x509.UniformResourceIdentifier(self.identity)]), critical=True
            )
            .add_extension(text_extension("1.3.6.1.4.1.57264.1.8", ISSUER), critical=False)
            .add_extension(text_extension("1.3.6.1.4.1.57264.1.14", "refs/tags/v1"), critical=False)
        )
        tbs = leaf.sign(self.ca, hashes.SHA256()).tbs_certificate_bytes
        stamped = leaf.add_extension(x509.UnrecognizedExtension(SCT_LIST, self._sct(tbs)), critical=False)
        chain = [stamped.sign(self.ca, hashes.SHA256()), self.root]
        return [c.public_bytes(serialization.Encoding.PEM).decode() for c in chain]

    def _sct(self, tbs: bytes) -> bytes:
        """A list of one signed certificate timestamp (RFC 6962), as an extension's value."""
        when = int(NOW.timestamp() * 1000)
        issuer = hashlib.sha256(der_of(self.ca)).digest()
        body = (
            struct.pack("!BBQH", 0, 0, when, 1)
            + issuer
            + len(tbs).to_bytes(3, "big")
            + tbs
            + struct.pack("!H", 0)
        )
        signature = self.ct.sign(body, ec.ECDSA(hashes.SHA256()))
        head = struct.pack(
            "!B32sQHBBH", 0, hashlib.sha256(der_of(self.ct)).digest(), when, 0, 4, 3, len(signature)
        )
        one = struct.pack("!H", len(head + signature)) + head + signature
        listed = struct.pack("!H", len(one)) + one
        return b"\x04" + (bytes([len(listed)]) if len(listed) < 128 else bytes([0x81, len(listed)])) + listed

    def entry(self, proposed: dict[str, Any]) -> dict[str, Any]:
        """A log of one entry: its body, proof of inclusion, checkpoint and promise."""
        content = proposed["spec"]["proposedContent"]
        envelope = content["envelope"]
        payload = base64.b64decode(json.loads(envelope)["payload"])
        spec = {
            "envelopeHash": {"algorithm": "sha256", "value": hashlib.sha256(envelope.encode()).hexdigest()},
            "payloadHash": {"algorithm": "sha256", "value": hashlib.sha256(payload).hexdigest()},
            "signatures": [
                {
                    "signature": json.loads(envelope)["signatures"][0]["sig"],
                    "verifier": content["verifiers"][0],
                }
            ],
        }
        body = rfc8785.dumps({"apiVersion": "0.0.1", "kind": "dsse", "spec": spec})
        root, log_id = hashlib.sha256(b"\0" + body).digest(), hashlib.sha256(der_of(self.log)).digest()
        note = f"miniature\n1\n{b64(root)}\n"
        checkpoint = f"{note}\n\u2014 miniature {b64(log_id[:4] + self._logged(note.encode()))}\n"
        entry = {
            "body": b64(body),
            "integratedTime": int(NOW.timestamp()),
            "logID": log_id.hex(),
            "logIndex": 0,
        }
        proof = {
            "checkpoint": checkpoint,
            "hashes": [],
            "logIndex": 0,
            "rootHash": root.hex(),
            "treeSize": 1,
        }
        promise = b64(self._logged(rfc8785.dumps(entry)))
        return {
            "e" * 64: {**entry, "verification": {"inclusionProof": proof, "signedEntryTimestamp": promise}}
        }

    def _logged(self, data: bytes) -> bytes:
        return self.log.sign(data, ec.ECDSA(hashes.SHA256()))

    @property
    def config(self) -> ClientTrustConfig:
        """What a client is told of this Sigstore."""
        valid = {"start": "2020-01-01T00:00:00Z"}

        def log(key: ec.EllipticCurvePrivateKey) -> dict[str, Any]:
            public = {
                "rawBytes": b64(der_of(key)),
                "keyDetails": "PKIX_ECDSA_P256_SHA_256",
                "validFor": valid,
            }
            key_id = {"keyId": b64(hashlib.sha256(der_of(key)).digest())}
            return {"baseUrl": self.url, "hashAlgorithm": "SHA2_256", "publicKey": public, "logId": key_id}

        root = {"certificates": [{"rawBytes": b64(self.root.public_bytes(serialization.Encoding.DER))}]}
        service = {"url": self.url, "majorApiVersion": 1, "validFor": valid, "operator": "miniature"}
        return ClientTrustConfig.from_json(
            json.dumps(
                {
                    "mediaType": "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json",
                    "trustedRoot": {
                        "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
                        "tlogs": [log(self.log)],
                        "ctlogs": [log(self.ct)],
                        "certificateAuthorities": [
                            {
                                "subject": {"organization": "x", "commonName": "miniature"},
                                "uri": self.url,
                                "certChain": root,
                                "validFor": valid,
                            }
                        ],
                    },
                    "signingConfig": {
                        "mediaType": "application/vnd.dev.sigstore.signingconfig.v0.2+json",
                        "caUrls": [service],
                        "oidcUrls": [service],
                        "rekorTlogUrls": [service],
                        "rekorTlogConfig": {"selector": "ANY"},
                    },
                }
            )
        )


def _usage(**on: bool) -> x509.KeyUsage:
    names = ("digitalSignature", "contentCommitment", "keyEncipherment", "dataEncipherment", "keyAgreement",
             "keyCertSign", "crlSign", "encipherOnly", "decipherOnly")  # fmt: skip
    return x509.KeyUsage(*(on.get(name, False) for name in names))


@pytest.fixture
def sigstore() -> Iterator[Sigstore]:
    mini = Sigstore()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if mini.refuse and mini.refuse in self.path:
                status, answer = 403, {"message": "not today"}
            elif self.path.endswith("/signingCert"):
                request = x509.load_pem_x509_csr(base64.b64decode(asked["certificateSigningRequest"]))
                chain = {"certificates": mini.certificate(request)}
                status, answer = 201, {"signedCertificateEmbeddedSct": {"chain": chain}}
            else:
                status, answer = 201, mini.entry(asked)
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Answers)
    mini.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield mini
    server.shutdown()
    thread.join()
    server.server_close()


def token(**changes: Any) -> str:
    claims = {
        "iss": ISSUER,
        "sub": "acme/tools",
        "aud": "sigstore",
        "iat": NOW,
        "exp": NOW + timedelta(hours=3),
    }
    return jwt.encode({**claims, **changes}, "a secret of the test, long enough for HS256", algorithm="HS256")


def test_a_ci_job_signs_and_the_reader_sees_which_job_it_was(sigstore, make):
    manifest = to_bytes(make())
    bundle = sign(manifest, Keyless(sigstore.config, token()))
    verifier = Verifier(trusted_root=sigstore.config.trusted_root)
    signer = verify_keyless(manifest, bundle, verifier=verifier)
    assert signer == KeylessSigner(ISSUER, WORKFLOW, "refs/tags/v1")
    assert Keyless().signs_as(signer)
    with pytest.raises(BadSignature):
        verify_keyless(manifest + b" ", bundle, verifier=verifier)


def test_another_authority_vouches_for_nobody_here(sigstore, make):
    manifest = to_bytes(make())
    bundle = sign(manifest, Keyless(sigstore.config, token()))
    stranger = Sigstore(url=sigstore.url)
    with pytest.raises(BadSignature, match="keyless signature does not hold"):
        verify_keyless(manifest, bundle, verifier=Verifier(trusted_root=stranger.config.trusted_root))


def test_an_identity_that_could_mean_others_is_nobodys(sigstore, make):
    sigstore.identity = "https://git.example/*"
    manifest = to_bytes(make())
    bundle = sign(manifest, Keyless(sigstore.config, token()))
    with pytest.raises(BadSignature, match="no plain identity"):
        verify_keyless(manifest, bundle, verifier=Verifier(trusted_root=sigstore.config.trusted_root))


@pytest.mark.parametrize("endpoint", ["signingCert", "log/entries"])
def test_a_service_that_refuses_is_one_line(sigstore, make, endpoint):
    sigstore.refuse = endpoint
    with pytest.raises(SigningError, match="keyless signing failed: ") as caught:
        sign(to_bytes(make()), Keyless(sigstore.config, token()))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("bad", ["", "x", token(exp=NOW - timedelta(hours=1)), token(aud="somebody else")])
def test_without_a_good_token_nothing_is_signed(sigstore, make, bad, monkeypatch):
    for name in ("GITHUB_ACTIONS", "CIRCLECI", "GITLAB_CI", "BUILDKITE"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(SigningError) as caught:
        sign(to_bytes(make()), Keyless(sigstore.config, bad))
    assert caught.value.hint
