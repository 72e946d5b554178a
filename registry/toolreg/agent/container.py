"""smolagents' DockerExecutor in a container without a network, which goes when its owner has gone."""

from __future__ import annotations

import time
from contextlib import closing, suppress
from typing import Any

import requests
from smolagents import DockerExecutor  # type: ignore[import-untyped]

from toolreg.agent.owners import is_abandoned, mark
from toolreg.agent.relay import Relay

LABEL = "toolreg"
OWNER = "toolreg.owner"
_GATEWAY = 8888
# A gateway comes up in two seconds, and on a machine with other work in many.
_START_SECONDS = 120.0


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
        try:
            super().__init__([], logger, **{**options, "container_run_kwargs": run})
        except BaseException:  # Ctrl-C too: a container takes its time to come up
            self.cleanup()
            raise

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
        """Until the gateway answers; smolagents gives up after ten tries, without a word. Raises RuntimeError."""
        if self._relay is not None:
            self._relay.serve(self.container)
        limit = time.monotonic() + _START_SECONDS
        while not self._answers(token):
            self.container.reload()
            if self.container.status in ("exited", "dead"):
                raise RuntimeError(f"the container ended: {_last_words(self.container)}")
            if time.monotonic() > limit:
                raise RuntimeError(f"nothing answers in the container after {_START_SECONDS:g} s")
            time.sleep(0.2)

    def _answers(self, token: str) -> bool:
        with suppress(requests.RequestException):
            asked = requests.get(f"{self.base_url}/api/kernelspecs?token={token}", timeout=_START_SECONDS / 4)
            return bool(asked.status_code == 200)
        return False


def remove_abandoned(client: Any) -> None:
    """Remove containers of processes of this machine that are gone: killed, they could not clean up."""
    for container in client.containers.list(all=True, filters={"label": OWNER}, ignore_removed=True):
        if is_abandoned(container.labels.get(OWNER, "")):
            with suppress(Exception):  # another process removes it in this moment
                container.remove(force=True)


def _last_words(container: Any) -> str:
    lines = container.logs(tail=5).decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:300] if lines else "without a word"


def _labels() -> dict[str, str]:
    return {LABEL: "agent", OWNER: mark()}
