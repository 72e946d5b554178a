"""How each remote boundary is opened: no more rights, network and life than an agent's code needs."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable, Mapping
from importlib import resources
from typing import Any


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
            "user": "65534:65534",
            "cap_drop": ["ALL"],
            "security_opt": ["no-new-privileges"],
            "mem_limit": "1g",
            "memswap_limit": "1g",
            "pids_limit": 128,
            "labels": {"toolreg": "agent"},
        },
    }


def e2b_options() -> dict[str, Any]:
    return {"allow_internet_access": False, "timeout": 600}


def modal_options() -> dict[str, Any]:
    return {"app_name": "toolreg-agent", "create_kwargs": {"timeout": 600, "outbound_domain_allowlist": []}}


def blaxel_options() -> dict[str, Any]:
    return {"sandbox_name": f"toolreg-{secrets.token_hex(6)}", "memory": 2048, "ttl": "15m"}


def _docker(logger: Any, workspace: str | None) -> Any:
    from smolagents import DockerExecutor  # type: ignore[import-untyped]

    return DockerExecutor([], logger, **docker_options(workspace, _free_port()))


def _e2b(logger: Any, _: str | None) -> Any:
    from smolagents import E2BExecutor

    return E2BExecutor([], logger, **e2b_options())


def _modal(logger: Any, _: str | None) -> Any:
    from smolagents import ModalExecutor

    return ModalExecutor([], logger, **modal_options())


def _blaxel(logger: Any, _: str | None) -> Any:
    from smolagents import BlaxelExecutor

    return BlaxelExecutor([], logger, **blaxel_options())


PRESETS: Mapping[str, Callable[[Any, str | None], Any]] = {
    "docker": _docker,
    "e2b": _e2b,
    "modal": _modal,
    "blaxel": _blaxel,
}


def _dockerfile() -> str:
    template = resources.files("toolreg.agent").joinpath("templates", "agent", "Dockerfile.txt")
    return template.read_text("utf-8")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
