"""Ed25519 signing keys on disk: made on first use, readable by their owner alone."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from toolreg.errors import ConfigError, SigningError
from toolreg.manifest.signer import KeySigner, Signer, key_signer, parse_signer

DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Key:
    """A private key in memory; printing it shows the public half only."""

    private: Ed25519PrivateKey

    @property
    def signer(self) -> KeySigner:
        return key_signer(self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))

    def signs_as(self, signer: Signer) -> bool:
        """True if what `signer` signed need not be signed again."""
        return signer == self.signer

    def __repr__(self) -> str:
        return f"Key({self.signer.fingerprint})"


def folder() -> Path:
    """Where this user's keys lie."""
    from platformdirs import user_data_path

    return user_data_path("toolreg") / "keys"


def new_key() -> Key:
    return Key(Ed25519PrivateKey.generate())


def key_path(at: Path | None = None, name: str = DEFAULT) -> Path:
    if not name.replace("-", "").replace("_", "").isalnum():
        raise SigningError(f"'{name}' is no name for a key", hint="use letters, digits, - and _")
    return (at or folder()) / f"{name}.pem"


def open_or_create(at: Path | None = None, *, name: str = DEFAULT, passphrase: str = "") -> tuple[Key, bool]:
    """The user's key, made if there is none; True where it is new."""
    path = key_path(at, name)
    if path.exists():
        return load(path, passphrase=passphrase), False
    key = new_key()
    try:
        store(key, path, passphrase=passphrase)
    except FileExistsError:  # another process was first; its key is the key
        return load(path, passphrase=passphrase), False
    return key, True


def is_encrypted(path: Path) -> bool:
    """True for a key file that needs a passphrase."""
    try:
        return b"ENCRYPTED" in path.read_bytes()[:64]
    except OSError:
        return False


def store(key: Key, path: Path, *, passphrase: str = "") -> None:
    """Write a key with owner-only rights, whole or not at all. Raises FileExistsError, SigningError.

    Its public half goes into `NAME.pub`, which tells whose key this is without the passphrase.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(
            os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb"
        ) as file:
            file.write(_pem(key, passphrase))
            file.flush()
            os.fsync(file.fileno())
        os.link(temporary, path)  # unlike rename, never replaces a key that is there
        path.with_suffix(".pub").write_text(f"{key.signer}\n", "ascii")
    except FileExistsError:
        raise
    except OSError as error:
        raise SigningError(
            f"cannot write the key: {error.strerror}", hint="is the folder writable?", path=str(path)
        ) from error
    finally:
        temporary.unlink(missing_ok=True)


def own_signers(at: Path | None = None) -> frozenset[Signer]:
    """The signers this user is: the public halves of the keys in use, not of those that were rotated away."""
    found: set[Signer] = set()
    for path in sorted((at or folder()).glob("*.pub")):
        try:
            found.add(parse_signer(path.read_text("ascii").strip()))
        except (OSError, ValueError, ConfigError):
            continue
    return frozenset(found)


def load(path: Path, *, passphrase: str = "") -> Key:
    """Read a key that nobody else can read. Raises SigningError."""
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
            status = os.fstat(file.fileno())
            pem = file.read(64 * 1024)
    except FileNotFoundError as error:
        raise SigningError(
            "there is no signing key", hint="`toolreg key create` makes one", path=str(path)
        ) from error
    except OSError as error:
        raise SigningError(
            f"cannot read the key: {error.strerror}", hint="it must be a plain file of yours", path=str(path)
        ) from error
    if status.st_mode & (stat.S_IRWXG | stat.S_IRWXO) or status.st_uid != os.geteuid():
        raise SigningError(
            "others can read this key",
            hint=f"chmod 600 {path}, and rotate it if they may have",
            path=str(path),
        )
    return Key(_private(pem, passphrase, path))


def rotate(
    at: Path | None = None, *, name: str = DEFAULT, passphrase: str = "", old_passphrase: str = ""
) -> tuple[Key, Key]:
    """Replace the key by a new one and keep the old as `NAME.old-N.pem`: (old, new)."""
    path = key_path(at, name)
    old, new = load(path, passphrase=old_passphrase), new_key()
    fresh = path.with_name(f".{path.stem}-new-{os.getpid()}.pem")
    store(new, fresh, passphrase=passphrase)
    try:
        os.link(path, _retired(path))
        os.replace(fresh, path)
        os.replace(fresh.with_suffix(".pub"), path.with_suffix(".pub"))
    finally:
        fresh.unlink(missing_ok=True)
        fresh.with_suffix(".pub").unlink(missing_ok=True)
    return old, new


def _retired(path: Path) -> Path:
    number = 1
    while (candidate := path.with_name(f"{path.stem}.old-{number}.pem")).exists():
        number += 1
    return candidate


def _pem(key: Key, passphrase: str) -> bytes:
    secret: KeySerializationEncryption = (
        BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    )
    return key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, secret)


def _private(pem: bytes, passphrase: str, path: Path) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(pem, passphrase.encode() if passphrase else None)
    except TypeError as error:
        wants = "needs a passphrase" if not passphrase else "has no passphrase"
        raise SigningError(
            f"the key {wants}", hint="set TOOLREG_KEY_PASSPHRASE, or unset it", path=str(path)
        ) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SigningError(
            "the key cannot be read, or the passphrase is wrong", hint="check the passphrase", path=str(path)
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise SigningError(
            "the key is not an Ed25519 key", hint="`toolreg key rotate` makes one", path=str(path)
        )
    return key
