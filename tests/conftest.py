"""What tests of every room may ask for: a Docker daemon, found or started for the session."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

_START_SECONDS = 40.0
_PREFIX = "toolreg-docker-"


@pytest.fixture(scope="session")
def docker_host() -> Iterator[str]:
    """The address of a Docker daemon, as DOCKER_HOST has it; `docker run -p` works there.

    One that answers already is taken. Else `dockerd` (Debian: docker.io) is started, with a socket, a data folder
    and a bridge of its own, and ended after the session. Skips, with the reason, where neither is to be had.
    Mark its tests with `xdist_group("docker")`: then one daemon serves them all.
    """
    if shutil.which("docker") is None:
        pytest.skip("no docker command (Debian: apt-get install docker.io)")
    found = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")
    if _answers(found):
        yield found
        return
    with _started() as address:
        yield address


@contextlib.contextmanager
def _started() -> Iterator[str]:
    dockerd = shutil.which("dockerd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if dockerd is None:
        pytest.skip(
            "no Docker daemon answers, and there is no dockerd to start (Debian: apt-get install docker.io)"
        )
    if os.geteuid() != 0 or shutil.which("ip") is None:
        pytest.skip("no Docker daemon answers; to start one needs root and iproute2")
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    with _bridge() as bridge, (folder / "log").open("wb") as log:
        (folder / "owner").write_text(f"{os.getpid()} {bridge}")
        # A run that is killed takes its daemon along; what that cannot remove itself goes before the next one.
        wrapper = [found, "--pdeathsig", "TERM", "--"] if (found := shutil.which("setpriv")) else []
        address = f"unix://{folder}/socket"
        process = subprocess.Popen(
            [*wrapper, dockerd, "--host", address, "--data-root", folder / "data", "--exec-root", folder / "run",
             "--pidfile", folder / "pid", "--bridge", bridge, "--iptables=false", "--ip6tables=false",
             "--ip-forward=false", "--ip-masq=false"],
            stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        try:
            if not _comes_up(process, address):
                said = (folder / "log").read_text("utf-8", "replace").strip().splitlines()
                pytest.skip(f"dockerd does not start here: {said[-1] if said else 'no word'}")
            yield address
        finally:
            process.terminate()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            shutil.rmtree(folder, ignore_errors=True)


def _sweep() -> None:
    """What daemons of killed runs left: a mount, a folder, a bridge."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError, ValueError):
            owner, bridge = (folder / "owner").read_text().split()
            if Path(f"/proc/{owner}").exists() or _answers(f"unix://{folder}/socket"):
                continue
            subprocess.run(["umount", "--lazy", folder / "data"], capture_output=True, check=False)
            subprocess.run(["ip", "link", "del", bridge], capture_output=True, check=False)
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _bridge() -> Iterator[str]:
    """A bridge of its own: two daemons that share one take it from each other."""
    name, number = f"tr{secrets.token_hex(4)}", secrets.randbelow(250) + 2
    made = subprocess.run(["ip", "link", "add", name, "type", "bridge"], capture_output=True, text=True)
    if made.returncode:
        pytest.skip(f"dockerd needs a bridge: {made.stderr.strip()}")
    try:
        subprocess.run(["ip", "addr", "add", f"172.31.{number}.1/24", "dev", name], check=True)
        subprocess.run(["ip", "link", "set", name, "up"], check=True)
        yield name
    finally:
        subprocess.run(["ip", "link", "del", name], check=False)


def _comes_up(process: subprocess.Popen[bytes], address: str) -> bool:
    limit = time.monotonic() + _START_SECONDS
    while time.monotonic() < limit and process.poll() is None:
        if _answers(address):
            return True
        time.sleep(0.2)
    return False


def _answers(address: str) -> bool:
    command = ["docker", "--host", address, "version", "--format", "{{.Server.Version}}"]
    try:
        return subprocess.run(command, capture_output=True, timeout=10).returncode == 0
    except subprocess.TimeoutExpired:
        return False
