"""smolagents' DockerExecutor in a container without a network, which goes when its owner has gone."""

from __future__ import annotations

from contextlib import closing, suppress
from typing import Any

from smolagents import DockerExecutor  # type: ignore[import-untyped]

from toolreg.agent.owners import is_abandoned, mark
from toolreg.agent.relay import Relay

LABEL = "toolreg"
OWNER = "toolreg.owner"
_GATEWAY = 8888


class ClosedDockerExecutor(DockerExecutor):  # type: ignore[misc,unused-ignore]
    """The container has no network at all unless `network`; its kernel is reached through the engine."""

    def __init__(self, logger: Any, options: dict[str, Any], *, network: bool = False) -> None:
        import docker  # type: ignore[import-untyped,unused-ignore]

        with closing(docker.from_env()) as client:
            remove_abandoned(client)
        run = {**options["container_run_kwargs"], "labels": _labels()}
        self._relay = None if network else Relay(_GATEWAY)
        if self._relay is not None:
            run["network_mode"] = "none"
            options = {**options, "host": "127.0.0.1", "port": self._relay.port}
        super().__init__([], logger, **{**options, "container_run_kwargs": run})

    def cleanup(self) -> None:
        """End the container; may be called twice. Nothing inside is worth waiting for."""
        relay = vars(self).get("_relay")
        if relay is not None:
            relay.close()
        with suppress(Exception):  # it may have ended by itself, or never begun
            self.container.kill()
        super().cleanup()
        with suppress(AttributeError):  # there was no engine
            self.client.close()

    def _wait_for_server(self, token: str) -> None:
        if self._relay is not None:
            self._relay.serve(self.container)
        super()._wait_for_server(token)


def remove_abandoned(client: Any) -> None:
    """Remove containers of processes of this machine that are gone: killed, they could not clean up."""
    for container in client.containers.list(all=True, filters={"label": OWNER}, ignore_removed=True):
        if is_abandoned(container.labels.get(OWNER, "")):
            with suppress(Exception):  # another process removes it in this moment
                container.remove(force=True)


def _labels() -> dict[str, str]:
    return {LABEL: "agent", OWNER: mark()}
