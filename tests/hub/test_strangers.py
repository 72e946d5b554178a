"""Clients and servers that nobody here wrote: npm's @huggingface/hub, and PyPI's olah over our folder.

Each is installed below pytest's temporary folder, from its registry; without one, the test is skipped.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from toolreg.hub.client import Hub
from toolreg.hub.publish import publish
from toolreg.hub.server import running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

SCRIPT = """
import * as hub from "@huggingface/hub";
const hubUrl = process.argv[2], accessToken = "hf_any", common = { hubUrl, accessToken };
const repo = { type: "space", name: "local/from-js" }, name = repo.name;
const all = async (rows) => { const found = []; for await (const row of rows) found.push(row); return found; };
const file = (path, text) => ({ path, content: new Blob([text]) });
const out = {};
out.who = (await hub.whoAmI(common)).name;
await hub.createRepo({ ...common, repo, sdk: "static", files: [file("a.txt", "hello")] });
out.exists = await hub.repoExists({ ...common, repo });
await hub.checkRepoAccess({ ...common, repo });
const card = "---\\ntitle: js\\nsdk: static\\ntags: [smolagents, tool]\\n---\\n";
const done = await hub.uploadFiles({ ...common, repo, commitTitle: "from js",
  files: [file("tool.py", "x = 1\\n"), file("README.md", card)] });
out.commit = done.commit.oid;
out.stale = await hub.commit({ ...common, repo, title: "x", parentCommit: "0".repeat(40),
  operations: [{ operation: "addOrUpdate", ...file("b", "1") }] }).catch((e) => e.statusCode);
await hub.deleteFile({ ...common, repo, path: "style.css" });
out.files = (await all(hub.listFiles({ ...common, repo, recursive: true }))).map((f) => f.path);
out.text = await (await hub.downloadFile({ ...common, repo, path: "tool.py" })).text();
out.size = (await hub.fileDownloadInfo({ ...common, repo, path: "tool.py" })).size;
out.missing = await hub.fileExists({ ...common, repo, path: "none.py" });
out.path = (await hub.pathsInfo({ ...common, repo, paths: ["tool.py"], expand: true }))[0].path;
out.commits = (await all(hub.listCommits({ ...common, repo }))).map((c) => c.title);
const search = { tags: ["smolagents", "tool"] };
out.listed = (await all(hub.listSpaces({ ...common, search, additionalFields: ["sha"] }))).map((s) => s.name);
out.info = (await hub.spaceInfo({ ...common, name, additionalFields: ["cardData"] })).cardData.title;
await hub.createBranch({ ...common, repo, branch: "other" });
await hub.deleteBranch({ ...common, repo, branch: "other" });
out.pull = (await hub.commit({ ...common, repo, title: "pr", isPullRequest: true,
  operations: [{ operation: "addOrUpdate", ...file("b", "1") }] })).pullRequestUrl.split("/").pop();
await hub.deleteRepo({ ...common, repo });
out.gone = !(await hub.repoExists({ ...common, repo }));
console.log(JSON.stringify(out));
"""


@pytest.mark.skipif(not (shutil.which("node") and shutil.which("npm")), reason="node or npm is not installed")
def test_the_javascript_client_creates_commits_lists_and_reads(endpoint: str, tmp_path: Path) -> None:
    install = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "@huggingface/hub@^2"]
    got = subprocess.run(install, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    if got.returncode:
        pytest.skip(f"npm cannot install @huggingface/hub: {got.stderr.strip().splitlines()[-1:]}")
    (tmp_path / "script.mjs").write_text(SCRIPT)
    done = subprocess.run(
        ["node", "script.mjs", endpoint], cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    out = json.loads(done.stdout)
    assert len(out.pop("commit")) == 40
    assert out == {
        "who": "local",
        "exists": True,
        "stale": 412,
        "files": [".gitattributes", "README.md", "a.txt", "index.html", "tool.py"],
        "text": "x = 1\n",
        "size": 6,
        "missing": False,
        "path": "tool.py",
        "commits": ["Delete style.css", "from js", "initial commit"],
        "listed": ["local/from-js"],
        "info": "js",
        "pull": "1",
        "gone": True,
    }


@contextmanager
def olah(program: Path, root: Path, home: Path) -> Iterator[str]:
    """olah serving our folder of bare repositories, with no way out to any other Hub."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (home / "olah.toml").write_text(
        f'[basic]\nhost = "127.0.0.1"\nport = {port}\nrepos-path = "{home / "cache"}"\n'
        f'mirrors-path = ["{root}"]\n[accessibility]\noffline = true\n'
    )
    environment = {"PATH": os.environ["PATH"], "HOME": str(home)}
    with (home / "olah.log").open("wb") as log:
        child = subprocess.Popen(
            [program, "--config", home / "olah.toml", "--log-path", home / "logs"],
            env=environment,
            cwd=home,
            stdout=log,
            stderr=log,
        )
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0 or child.poll() is not None:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        child.terminate()
        child.wait(30)


def test_olah_serves_our_folder_to_smolagents(root: Path, files: dict[str, bytes], tmp_path: Path) -> None:
    place, home = tmp_path / "venv", tmp_path / "home"
    home.mkdir()
    made = subprocess.run([sys.executable, "-m", "venv", place], capture_output=True, text=True, timeout=120)
    if made.returncode:  # Debian without ensurepip
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True, timeout=120)
        system = shutil.which("python3", path="/usr/bin:/usr/local/bin:/bin") or "python3"
        pip = [system, "-m", "pip", "--python", str(place / "bin" / "python")]
    else:
        pip = [str(place / "bin" / "python"), "-m", "pip"]
    got = subprocess.run([*pip, "install", "-q", "olah"], capture_output=True, text=True, timeout=400)
    if got.returncode:
        pytest.skip(f"pip cannot install olah: {got.stderr.strip().splitlines()[-1:]}")
    with running(root) as endpoint:
        publish(files, "local/word-count", Hub(endpoint), "1.0.0")
    with olah(place / "bin" / "olah-cli", root, home) as endpoint:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "HF_HOME": str(home / "hf"),
            "HF_ENDPOINT": endpoint,
        }
        script = "import smolagents\nprint(smolagents.load_tool('local/word-count', trust_remote_code=True)('a b c'))\n"
        done = subprocess.run(
            [sys.executable, "-c", script],
            env=environment,
            cwd=home,
            capture_output=True,
            text=True,
            timeout=240,
        )
    assert done.stdout == "3\n", done.stderr + (home / "olah.log").read_text()
