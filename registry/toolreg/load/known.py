"""The signers met before, by namespace: what ssh's known_hosts is to hosts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from toolreg.errors import ConfigError, VerificationError
from toolreg.load.files import replace_file
from toolreg.manifest import Signer, parse_signer
from toolreg.manifest.encoding import dump, strict_json


def default_path() -> Path:
    from platformdirs import user_data_path

    return user_data_path("toolreg") / "known_signers.json"


@dataclass(frozen=True, slots=True)
class KnownSigners:
    """A file of namespace → signers. Missing means: nobody met yet. Unreadable is an error, never nobody."""

    path: Path

    def read(self) -> Mapping[str, frozenset[Signer]]:
        """Raises ConfigError where the file is broken."""
        try:
            value = strict_json(self.path.read_bytes(), self.path.name)
            return {
                space: frozenset(parse_signer(text) for text in signers) for space, signers in value.items()
            }
        except FileNotFoundError:
            return {}
        except (OSError, VerificationError, ConfigError, AttributeError, TypeError) as error:
            raise ConfigError(
                f"cannot read the known signers: {error}", hint="mend or remove the file", path=str(self.path)
            ) from error

    def remember(self, namespace: str, signer: Signer) -> None:
        self._write({**self.read(), namespace: self.read().get(namespace, frozenset()) | {signer}})

    def forget(self, namespace: str, signer: Signer) -> None:
        self._write({**self.read(), namespace: self.read().get(namespace, frozenset()) - {signer}})

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
