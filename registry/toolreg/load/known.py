"""The signers met before, by namespace: what ssh's known_hosts is to hosts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from toolreg.errors import ConfigError, UsageError, VerificationError, WrongSigner
from toolreg.load.files import replace_file
from toolreg.manifest import Signer, parse_signer
from toolreg.manifest.encoding import dump, strict_json
from toolreg.manifest.signer import matches

_REVOKED = "!"  # no owner's name on any Hub


def default_path() -> Path:
    from platformdirs import user_data_path

    return user_data_path("toolreg") / "known_signers.json"


@dataclass(frozen=True, slots=True)
class KnownSigners:
    """A file of namespace → signers. Missing means: nobody met yet. Unreadable is an error, never nobody.

    A namespace is kept in small letters, as a Hub takes it. The signers under `!` are revoked: trusted nowhere.
    """

    path: Path

    def read(self) -> Mapping[str, frozenset[Signer]]:
        """The signers met, by namespace. Raises ConfigError where the file is broken."""
        return {space: signers for space, signers in self._read().items() if space != _REVOKED}

    def revoked(self) -> frozenset[Signer]:
        """The signers that hold nowhere any more. Raises ConfigError where the file is broken."""
        return self._read().get(_REVOKED, frozenset())

    def _read(self) -> dict[str, frozenset[Signer]]:
        try:
            value = strict_json(self.path.read_bytes(), self.path.name)
            found: dict[str, frozenset[Signer]] = {}
            for space, signers in value.items():
                mine = found.get(space.lower(), frozenset())
                found[space.lower()] = mine | {parse_signer(text) for text in signers}
            return found
        except FileNotFoundError:
            return {}
        except (OSError, VerificationError, ConfigError, AttributeError, TypeError) as error:
            raise ConfigError(
                f"cannot read the known signers: {error}", hint="mend or remove the file", path=str(self.path)
            ) from error

    def remember(self, namespace: str, signer: Signer) -> None:
        """Raises WrongSigner for a revoked one, UsageError for what is no name of an owner."""
        if not re.fullmatch(r"[\w.-]+", namespace):
            raise UsageError(f"'{namespace}' is no namespace", hint="write the owner's name, such as acme")
        told = self._read()
        if any(matches(pattern, signer) for pattern in told.get(_REVOKED, ())):
            raise WrongSigner(
                f"{signer.fingerprint} is revoked",
                hint=f"toolreg key revoke --undo '{signer}', if that was wrong",
            )
        self._write({**told, namespace.lower(): told.get(namespace.lower(), frozenset()) | {signer}})

    def forget(self, namespace: str, signer: Signer) -> None:
        told = self._read()
        self._write({**told, namespace.lower(): told.get(namespace.lower(), frozenset()) - {signer}})

    def revoke(self, signer: Signer) -> None:
        """Trust a signer nowhere, and remember that."""
        told = {space: signers - {signer} for space, signers in self._read().items()}
        self._write({**told, _REVOKED: told.get(_REVOKED, frozenset()) | {signer}})

    def restore(self, signer: Signer) -> None:
        """The signer is a stranger again, no longer revoked."""
        told = self._read()
        self._write({**told, _REVOKED: told.get(_REVOKED, frozenset()) - {signer}})

    def _write(self, known: Mapping[str, frozenset[Signer]]) -> None:
        text = dump({space: sorted(map(str, signers)) for space, signers in known.items() if signers})
        try:
            replace_file(self.path, text, mode=0o600)
        except OSError as error:
            raise ConfigError(
                f"cannot write the known signers: {error.strerror}",
                hint="is the folder writable?",
                path=str(self.path),
            ) from error
