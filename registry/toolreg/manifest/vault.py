"""The passphrase of a key in the system's keyring, for those who installed `smolagents-toolreg[keyring]`."""

from __future__ import annotations

import secrets
from importlib import import_module

from toolreg.errors import SigningError

SERVICE = "toolreg signing key"
_INSTALL = "pip install 'smolagents-toolreg[keyring]', or use TOOLREG_KEY_PASSPHRASE"


def recall(name: str) -> str:
    """The passphrase that was kept for a key; empty where there is none, or no keyring."""
    try:
        return import_module("keyring").get_password(SERVICE, name) or ""
    except Exception:  # noqa: BLE001 - no keyring, a locked one, a broken backend: no passphrase
        return ""


def keep_new(name: str) -> str:
    """A new passphrase for a key, kept in the system's keyring. Raises SigningError where there is none."""
    passphrase = secrets.token_urlsafe(32)
    try:
        import_module("keyring").set_password(SERVICE, name, passphrase)
    except ImportError as error:
        raise SigningError("there is no keyring", hint=_INSTALL) from error
    except Exception as error:  # keyring's backends raise errors of their own
        raise SigningError(f"the keyring does not take a passphrase: {error}", hint=_INSTALL) from error
    if recall(name) != passphrase:
        raise SigningError("the keyring did not keep the passphrase", hint=_INSTALL)
    return passphrase
