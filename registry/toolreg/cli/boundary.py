"""Which boundary a command runs tools behind: `--backend`, `--unsafe-no-sandbox`, or what the project says."""

from __future__ import annotations

from typing import Annotated

import typer

from toolreg.cli.output import console
from toolreg.errors import UsageError

Backend = Annotated[
    str,
    typer.Option(
        "--backend",
        help="Where tools run: linux (the default), docker, podman, wasi, e2b, modal or blaxel.",
        show_default=False,
    ),
]
Unsafe = Annotated[
    bool,
    typer.Option(
        "--unsafe-no-sandbox",
        help="Run tools as plain processes of yours. Nothing holds them, and nothing is approved.",
    ),
]


def chosen(backend: str, unsafe: bool, *, tier: str = "", learn: bool = False) -> str:
    """The name of the backend: the flag's, else the project's, else the default. Raises UsageError, ConfigError.

    learn: it must see whatever a call tries.
    """
    from toolreg.sandbox.backends.choice import DEFAULT, NAMES, SEES_ALL, UNSAFE

    if learn and (unsafe or (backend and backend not in SEES_ALL)):
        raise UsageError(
            f"nothing can be learnt from {'no sandbox' if unsafe else backend}: it does not see all that a call tries",
            hint=f"--learn goes with {', '.join(SEES_ALL)}",
        )
    if unsafe:
        if backend or tier:
            raise UsageError("--unsafe-no-sandbox stands alone", hint="leave --backend and --tier out")
        warn()
        return UNSAFE
    name = backend or ("" if tier or learn else _configured()) or DEFAULT
    if name not in NAMES:
        raise UsageError(f"there is no sandbox backend '{name}'", hint=f"backends: {', '.join(NAMES)}")
    if tier and name != DEFAULT:
        raise UsageError(f"backend '{name}' has no tiers", hint="leave --tier out")
    return name


def warn() -> None:
    """Say on standard error what is given up, whatever else is printed."""
    out = console(stderr=True)
    out.print("[bold white on red] NO SANDBOX [/] [bold red]the tool runs with all your rights:[/]")
    out.print("[bold red]it can read, change, send and start anything that you can; nothing is approved.[/]")


def _configured() -> str:
    """`backend` of [tool.toolreg.sandbox]; empty where the project says nothing."""
    from toolreg.config import find_pyproject, sandbox_backend

    return sandbox_backend(find_pyproject())
