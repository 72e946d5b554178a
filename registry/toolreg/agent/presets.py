"""How each remote boundary is opened: no more rights, network and life than an agent's code needs."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib import resources
from typing import Any

NOBODY = 65534


def docker_options(workspace: str | None, port: int) -> dict[str, Any]:
    """How a container is run: nobody's rights, nothing writable but /tmp and the workspace, bounded."""
    volumes = {workspace: {"bind": "/work", "mode": "rw"}} if workspace else {}
    return {
        "port": port,
        "image_name": "toolreg-agent",
        "build_new_image": False,
        "dockerfile_content": _dockerfile(),
        "container_run_kwargs": {
            "read_only": True,
            "tmpfs": {"/tmp": "size=64m,mode=1777", "/home/agent": "size=16m,mode=1777"},
            "volumes": volumes,
            "working_dir": "/work" if workspace else "/tmp",
            "environment": {"HOME": "/home/agent"},
            "user": owner_of(workspace) if workspace else f"{NOBODY}:{NOBODY}",
            "cap_drop": ["ALL"],
            "security_opt": ["no-new-privileges"],
            "mem_limit": "1g",
            "memswap_limit": "1g",
            "pids_limit": 128,
        },
    }


def owner_of(workspace: str) -> str:
    """`UID:GID` for the code in a container: the workspace's owner; nobody where that is root, to whom it is given."""
    status = os.stat(workspace)
    if status.st_uid:
        return f"{status.st_uid}:{status.st_gid}"
    with suppress(OSError):
        os.chown(workspace, NOBODY, NOBODY)
    return f"{NOBODY}:{NOBODY}"


def e2b_options(*, network: bool = False) -> dict[str, Any]:
    return {"allow_internet_access": network, "timeout": 600}


def modal_options(*, network: bool = False) -> dict[str, Any]:
    """Empty lists of what may be reached; blocking the network as a whole would close the kernel's port, too."""
    closed: dict[str, Any] = {"outbound_cidr_allowlist": [], "outbound_domain_allowlist": []}
    return {"app_name": "toolreg-agent", "create_kwargs": {"timeout": 600, **({} if network else closed)}}


def blaxel_options() -> dict[str, Any]:
    return {"sandbox_name": f"toolreg-{secrets.token_hex(6)}", "memory": 2048, "ttl": "15m"}


def _docker(logger: Any, workspace: str | None, network: bool) -> Any:
    import requests

    from toolreg.agent.container import ClosedDockerExecutor

    try:
        return ClosedDockerExecutor(logger, docker_options(workspace, _free_port()), network=network)
    except RuntimeError as error:  # on a busy machine the gateway may hang up once while it starts
        if not isinstance(error.__cause__, requests.ConnectionError):
            raise
    return ClosedDockerExecutor(logger, docker_options(workspace, _free_port()), network=network)


def _e2b(logger: Any, _: str | None, network: bool) -> Any:
    from smolagents import E2BExecutor  # type: ignore[import-untyped]

    return E2BExecutor([], logger, **e2b_options(network=network))


def _modal(logger: Any, _: str | None, network: bool) -> Any:
    from smolagents import ModalExecutor

    return ModalExecutor([], logger, **modal_options(network=network))


def _blaxel(logger: Any, _: str | None, network: bool) -> Any:
    from smolagents import BlaxelExecutor

    del network  # smolagents' executor offers no way to close it
    return BlaxelExecutor([], logger, **blaxel_options())


PRESETS: Mapping[str, Callable[[Any, str | None, bool], Any]] = {
    "docker": _docker,
    "e2b": _e2b,
    "modal": _modal,
    "blaxel": _blaxel,
}
# Those whose network cannot be closed.
ALWAYS_OPEN = frozenset({"blaxel"})


def _dockerfile() -> str:
    template = resources.files("toolreg.agent").joinpath("templates", "agent", "Dockerfile.txt")
    return template.read_text("utf-8")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
