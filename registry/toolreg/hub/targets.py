"""Where to publish to and read from: `local`, `hf`, or a URL."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from platformdirs import user_cache_path, user_data_path

from toolreg.errors import Offline, UsageError
from toolreg.hub.blobs import Blobs

if TYPE_CHECKING:
    from toolreg.hub.client import Hub

LOCAL_NAMESPACE = "local"


def local_root() -> Path:
    """The folder of the target `local`."""
    return user_data_path("toolreg") / "hub"


def blobs() -> Blobs:
    """Where files that were seen are kept."""
    return Blobs(user_cache_path("toolreg") / "blobs")


@contextmanager
def opened(target: str = "local", *, root: Path | None = None, token: str | None = None) -> Iterator[Hub]:
    """The Hub that `--to` names, for as long as it is needed.

    local: this machine's own, over `root`; it runs in this process and takes changes from it alone.
    hf: the Hugging Face Hub with the user's login. A URL: that Hub, with `token` or without.
    """
    from toolreg.hub.client import HUGGING_FACE, Hub, own_token

    if target == "local":
        from toolreg.hub.server import running

        key = secrets.token_urlsafe(32)
        with running(root or local_root(), token=key) as endpoint:
            _require_loopback(endpoint)
            yield Hub(endpoint, key, cache=blobs(), called="the local Hub")
    elif target == "hf":
        yield Hub(HUGGING_FACE, own_token(), cache=blobs())
    elif target.startswith(("http://", "https://")):
        yield Hub(target, token, cache=blobs())
    else:
        raise UsageError(f"unknown target '{target}'", hint="targets: local, hf, or the URL of a Hub")


def _require_loopback(endpoint: str) -> None:
    address = urlsplit(endpoint)
    try:
        socket.create_connection((address.hostname or "", address.port or 0), timeout=5).close()
    except OSError as error:
        raise Offline(
            f"the local Hub cannot be reached at {address.netloc}: {error.strerror or error}",
            hint="it needs no network but the loopback interface: ip link set lo up",
        ) from error


def namespace_of(target: str, hub: Hub, given: str | None = None) -> str:
    """The namespace to publish into: the one given, `local`, or the account's own."""
    if given:
        return given
    return LOCAL_NAMESPACE if target == "local" else hub.whoami()
