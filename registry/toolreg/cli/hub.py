"""`toolreg hub …`: serve a Hub of one's own, and say who may publish on it."""

from __future__ import annotations

import logging
import os
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from toolreg.cli.output import console, print_json, safe
from toolreg.errors import GOOD, INTERRUPTED, NotFound, UsageError
from toolreg.hub.targets import local_root, opened

if TYPE_CHECKING:
    from toolreg.hub.client import Hub

Where = Annotated[
    str, typer.Option("--to", "--from", help="local, hf (the Hugging Face Hub), or the URL of a Hub.")
]
Root = Annotated[Path | None, typer.Option("--root", help="The Hub's folder; the one of `local` if none.")]


def open_hub(to: str) -> AbstractContextManager[Hub]:
    """The Hub that `--to` names. The token of one given by its URL is in TOOLREG_HUB_TOKEN, never an argument."""
    return opened(to, token=os.environ.get("TOOLREG_HUB_TOKEN") or None)


def serve(
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on; loopback if none is given.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535)] = 8300,
    root: Root = None,
    name: Annotated[
        list[str] | None, typer.Option("--name", help="A host name that others reach it by.")
    ] = None,
) -> int:
    """Serve a Hub over HTTP: smolagents, huggingface_hub and git clone work with it.

    Set HF_ENDPOINT to its address. Without users everybody who reaches it may publish, so listening
    on more than loopback needs one: `toolreg hub user-add NAME`.
    """
    from toolreg.hub.server import serve as serve_hub
    from toolreg.hub.server.access import Access

    folder = root or local_root()
    if host not in ("127.0.0.1", "::1", "localhost") and not Access(folder).users():
        raise UsageError(
            f"on {host} everybody could publish",
            hint="first `toolreg hub user-add NAME`, or listen on 127.0.0.1",
        )
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")

    def ready(address: str) -> None:
        console(stderr=True).print(f"serving {safe(str(folder))} at {address}, end with Ctrl-C")

    try:
        serve_hub(folder, host=host, port=port, hosts=tuple(name or ()), ready=ready)
    except KeyboardInterrupt:
        return INTERRUPTED
    return GOOD


def user_add(
    name: Annotated[str, typer.Argument(help="The user's name, which is also a namespace.")],
    role: Annotated[str, typer.Option("--role", help="read or write")] = "write",
    organization: Annotated[list[str] | None, typer.Option("--org", help="A further namespace.")] = None,
    root: Root = None,
) -> int:
    """Make a token for a user and print it once; only its hash is kept."""
    from toolreg.hub.server.access import Access

    token = Access(root or local_root()).add(name, role=role, organizations=tuple(organization or ()))
    console().print(token)
    return GOOD


def user_remove(name: Annotated[str, typer.Argument()], root: Root = None) -> int:
    """Withdraw every token of a user."""
    from toolreg.hub.server.access import Access

    if not Access(root or local_root()).remove(name):
        raise NotFound(f"no user '{name}'", hint="`toolreg hub user-list` names them")
    return GOOD


def user_list(root: Root = None) -> int:
    """Who may publish, as JSON; no tokens."""
    from toolreg.hub.server.access import Access

    print_json(sorted(Access(root or local_root()).users().values(), key=lambda u: str(u["name"])))
    return GOOD
