"""The second tier's scratch folders go with the sandbox; nothing else in the temporary folder does."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from toolreg.errors import HarnessError
from toolreg.sandbox.backends.linux import interpreter
from toolreg.sandbox.backends.linux.server import Server

SESSION = """
import sys
from toolreg.sandbox import Policy
from toolreg.sandbox.session import Session
session = Session(b"def main():\\n    pass\\n", "main", Policy(), tier="B")
if sys.argv[1] == "end":
    session.end()
elif sys.argv[1] == "kill":
    import os, signal
    os.kill(os.getpid(), signal.SIGKILL)
"""
SANDBOX = """
import os, signal, sys
from toolreg.sandbox import CallTool, Policy, Sandbox
sandbox = Sandbox(tier="B")
sandbox.call(b"def f():\\n    return 1\\n", CallTool("f", {}), Policy())
if sys.argv[1] == "end":
    sandbox.close()
elif sys.argv[1] == "kill":
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("end", ["end", "forget", "kill"])
@pytest.mark.parametrize("code", [SESSION, SANDBOX], ids=["session", "sandbox"])
def test_nothing_of_others_is_removed_and_nothing_is_left(tmp_path: Path, code: str, end: str) -> None:
    other = tmp_path / "toolreg-of-others" / "kept.txt"
    other.parent.mkdir()
    other.write_text("kept")
    (tmp_path / "kept.txt").write_text("kept")
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", code, end], env=environment, check=False, timeout=60)
    wanted = ["kept.txt", "toolreg-of-others"]
    for _ in range(100):  # after a kill the fork server needs a moment to notice
        if sorted(os.listdir(tmp_path)) == wanted:
            break
        time.sleep(0.1)
    assert sorted(os.listdir(tmp_path)) == wanted
    assert other.read_text() == "kept"


def test_a_folder_that_is_not_the_sandbox_s_own_is_never_given_to_be_removed(tmp_path: Path) -> None:
    with pytest.raises(HarnessError, match="no folder of the sandbox's own"):
        Server(interpreter.view(moved_apart=False), tier="B", scratch=str(tmp_path))
