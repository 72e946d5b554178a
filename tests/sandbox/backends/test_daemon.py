"""The session's Docker daemon really runs containers from an imported image."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tarfile

import pytest

pytestmark = pytest.mark.xdist_group("docker")


def test_the_daemon_imports_an_image_and_runs_it(docker_host: str) -> None:
    program = shutil.which("ldconfig", path="/sbin:/usr/sbin:/bin:/usr/bin")  # linked statically
    if program is None:
        pytest.skip("no statically linked program at hand")
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        tar.add(os.path.realpath(program), "ldconfig")
    docker = ["docker", "--host", docker_host]
    subprocess.run(
        [*docker, "import", "-", "toolreg-test:one"], input=archive.getvalue(), check=True, timeout=60
    )
    try:
        command = [*docker, "run", "--rm", "--network", "none", "toolreg-test:one", "/ldconfig", "--version"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert "ldconfig" in done.stdout, done.stderr
    finally:
        subprocess.run([*docker, "rmi", "toolreg-test:one"], check=True, capture_output=True, timeout=60)
