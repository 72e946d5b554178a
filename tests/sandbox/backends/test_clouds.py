"""The providers' real SDKs: E2B and Blaxel against stand-ins of their servers, Modal by signature.

The stand-ins run what they are given as a plain process of this machine, as the rented one would.
"""

from __future__ import annotations

import base64
import contextlib
import inspect
import io
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from toolreg.effects import Effect
from toolreg.errors import HarnessError, SandboxUnavailable
from toolreg.sandbox import CallTool, Killed, Limits, Policy, PolicyError, Raised, Returned, Sandbox
from toolreg.sandbox.backends.cloud import blaxel as blaxels
from toolreg.sandbox.backends.cloud import e2b as e2bs
from toolreg.sandbox.backends.cloud import modal as modals
from toolreg.sandbox.backends.cloud.base import Cloud, Machine
from toolreg.sandbox.backends.guest import parcel
from toolreg.sandbox.probe import Capability

pytestmark = [
    pytest.mark.xdist_group("e2b"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
PORT = 49999  # where E2B's SDK looks when E2B_DEBUG is set
LIMITS = Limits(wall=20, cpu=8)


class Kernel(BaseHTTPRequestHandler):
    """E2B's `/execute`: runs a cell, answers in lines of JSON."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        cell = json.loads(self.rfile.read(int(self.headers["content-length"])))["code"]
        printed, failed = io.StringIO(), []
        try:
            with contextlib.redirect_stdout(printed):
                exec(compile(cell, "<cell>", "exec"), {})
        except Exception as error:  # noqa: BLE001 - a kernel tells whatever the cell raised
            failed = [{"type": "error", "name": type(error).__name__, "value": str(error), "traceback": ""}]
        lines = [{"type": "stdout", "text": printed.getvalue(), "timestamp": 0}, *failed]
        lines += [{"type": "number_of_executions", "execution_count": 1}, {"type": "end_of_execution"}]
        data = "".join(json.dumps(line) + "\n" for line in lines).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def e2b(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    pytest.importorskip(
        "e2b_code_interpreter", reason="E2B's SDK is not installed here: make test-boundaries"
    )
    monkeypatch.setenv("E2B_DEBUG", "true")
    monkeypatch.setenv("E2B_API_KEY", "e2b_" + "0" * 40)
    ThreadingHTTPServer.allow_reuse_address = True
    with ThreadingHTTPServer(("127.0.0.1", PORT), Kernel) as made:
        thread = threading.Thread(target=made.serve_forever, daemon=True)
        thread.start()
        with Sandbox(backend="e2b") as sandbox:
            yield sandbox
        made.shutdown()
        thread.join()


class Cloudlet:
    """Blaxel's control plane and one machine of it, as far as a call needs them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[str] = []
        self.made: dict[str, Any] = {}
        self.url = ""
        self.process: dict[str, Any] = {}

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/v0/sandboxes", self.create, methods=["POST"]),
                Route("/v0/sandboxes/{name}", self.delete, methods=["DELETE"]),
                Route("/filesystem/{path:path}", self.write, methods=["PUT"]),
                Route("/filesystem/{path:path}", self.read, methods=["GET"]),
                Route("/process", self.start, methods=["POST"]),
                Route("/process/{pid}", self.look, methods=["GET"]),
            ]
        )

    async def create(self, request: Request) -> JSONResponse:
        self.made = await request.json()
        self.asked.append("create")
        told = {**self.made, "metadata": {**self.made["metadata"], "url": self.url}, "status": "DEPLOYED"}
        return JSONResponse(told)

    async def delete(self, _: Request) -> JSONResponse:
        self.asked.append("delete")
        return JSONResponse({**self.made, "status": "DELETING"})

    async def write(self, request: Request) -> JSONResponse:
        form = await request.form()
        file: Any = form["file"]
        self._place(request).write_bytes(await file.read())
        return JSONResponse({"message": "written", "path": request.path_params["path"]})

    async def read(self, request: Request) -> Response:
        return Response(self._place(request).read_bytes(), media_type="application/octet-stream")

    async def start(self, request: Request) -> JSONResponse:
        command = (await request.json())["command"]
        here = command.replace("/tmp/toolreg-", f"{self.folder}/toolreg-")
        done = subprocess.run(
            ["sh", "-c", here.replace("python3", sys.executable, 1)], capture_output=True, text=True
        )
        status = "completed" if done.returncode == 0 else "failed"
        texts = ("completedAt", "name", "startedAt", "workingDir")
        self.process = dict.fromkeys(texts, "") | {
            "command": "python3", "exitCode": done.returncode, "pid": "1", "status": status, "stdout": done.stdout,
            "stderr": done.stderr, "logs": done.stdout + done.stderr,
        }  # fmt: skip
        return JSONResponse(self.process | {"status": "running"})

    async def look(self, _: Request) -> JSONResponse:
        return JSONResponse(self.process)

    def _place(self, request: Request) -> Path:
        return self.folder / Path(request.path_params["path"]).name


@pytest.fixture
def cloudlet(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cloudlet]:
    for name, value in {"BL_API_KEY": "bl-test-key", "BL_WORKSPACE": "here", "DO_NOT_TRACK": "1"}.items():
        monkeypatch.setenv(name, value)
    pytest.importorskip("blaxel", reason="Blaxel's SDK is not installed here: make test-boundaries")
    pytest.importorskip("multipart", reason="python-multipart is not installed here")
    from blaxel.core.client import client

    made = Cloudlet(tmp_path)
    server = uvicorn.Server(uvicorn.Config(made.app(), port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    made.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    before = client._base_url
    client.with_base_url(f"{made.url}/v0")
    yield made
    client.with_base_url(before)
    server.should_exit = True
    thread.join(timeout=10)


def _contract(sandbox: Sandbox, workspace: Path) -> None:
    """What a call through a provider gives: a value, an error, a kill, files by name, changes, no network."""

    def run(body: str, *effects: str, **policy: Any) -> Any:
        code = ("import os\ndef probe():\n    " + body.replace("\n", "\n    ")).encode()
        policy.setdefault("limits", LIMITS)
        granted = tuple(Effect.parse(each) for each in effects)
        return sandbox.call(code, CallTool("probe", {}), Policy(granted, **policy))

    (workspace / "a.txt").write_text("alpha")
    (workspace / "b.txt").write_text("beta")
    seen = run("print('hi'); return os.environ.get('KEY')", "env: KEY", env={"KEY": "k"})
    assert (seen.outcome, seen.stdout) == (Returned("k", "str"), "hi\n")
    assert seen.isolation.backend == sandbox.backend
    assert run("raise ValueError('no')").outcome == Raised("ValueError", "no", 3)
    assert run("while True: pass", limits=Limits(wall=20, cpu=1)).outcome == Killed("cpu")
    body = "open('out.txt', 'w').write(open('a.txt').read())\nreturn os.path.exists('b.txt')"
    seen = run(body, "read: a.txt", "write: out.txt", workspace=str(workspace))
    assert seen.outcome == Returned(False, "bool")
    assert [(c.kind, c.path, c.data) for c in seen.changes] == [("created", "out.txt", b"alpha")]
    # Seen by a kernel that is not ours: a system call's word, never the kernel's.
    assert {e.source for e in seen.effects} == {"syscall"}
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        run(f"import socket\nsocket.create_connection(('127.0.0.1', {listener.getsockname()[1]}), 2)")
        with pytest.raises(TimeoutError):
            listener.accept()
    with pytest.raises(PolicyError, match="outside the workspace"):
        run("return 1", "read: /etc/hostname")
    assert sandbox.left() == frozenset()


def test_calls_run_through_e2bs_own_sdk(e2b: Sandbox, tmp_path: Path) -> None:
    _contract(e2b, tmp_path)


def test_calls_run_through_blaxels_own_sdk(cloudlet: Cloudlet, tmp_path: Path) -> None:
    folder = tmp_path / "workspace"
    folder.mkdir()
    with Sandbox(backend="blaxel") as sandbox:
        _contract(sandbox, folder)
    assert cloudlet.asked.count("create") == cloudlet.asked.count("delete") == 5
    network = cloudlet.made["spec"]["network"]
    assert network["proxy"]["allowedDomains"] == ["nothing.invalid"]
    assert network["firewall"]["rulesets"] == ["proxy"]


@pytest.mark.parametrize("hosts", [(), ("api.x.com",), ("*",)])
def test_the_providers_sdks_take_what_is_asked_of_them(hosts: tuple[str, ...]) -> None:
    modal = pytest.importorskip("modal", reason="Modal's SDK is not installed here: make test-boundaries")
    signature = inspect.signature(modal.Sandbox.create)
    signature.bind(app=None, image=None, **modals.options(hosts, 60, 1 << 30))
    inspect.signature(modal.Sandbox.exec).bind(None, *modals.COMMAND, timeout=60, text=False)
    inspect.signature(modal.App.lookup).bind(modals.APP, create_if_missing=True)
    inspect.signature(modal.Image.debian_slim).bind(python_version="3.12")
    assert callable(modal.Sandbox.terminate)
    e2b = pytest.importorskip(
        "e2b_code_interpreter", reason="E2B's SDK is not installed here: make test-boundaries"
    )
    inspect.signature(e2b.Sandbox.create).bind(**e2bs.options(hosts, 60))


def test_a_call_without_hosts_has_no_network_anywhere() -> None:
    assert e2bs.options((), 60)["allow_internet_access"] is False
    assert modals.options((), 60, 1 << 30)["block_network"] is True
    assert blaxels.options((), 60, 1 << 30)["network"]["firewall"] == {"rulesets": ["proxy"]}


def test_a_call_reaches_its_declared_hosts_alone() -> None:
    assert e2bs.options(("x.com",), 60)["network"] == {"allow_out": ["x.com"], "deny_out": ["0.0.0.0/0"]}
    assert modals.options(("x.com",), 60, 1 << 30)["outbound_domain_allowlist"] == ["x.com"]
    assert blaxels.options(("x.com",), 60, 1 << 30)["network"]["proxy"] == {"allowedDomains": ["x.com"]}


class Local(Cloud):
    """A provider of this very machine, to break in every way."""

    name = "local"
    package = "json"
    layers = {"network": Capability("absent", "", "none")}  # noqa: RUF012

    def __init__(self, exchange: Callable[[bytes], bytes]) -> None:
        super().__init__()
        self.do, self.ended = exchange, 0

    def open(self, hosts: tuple[str, ...], seconds: int, memory: int) -> Machine:  # noqa: ARG002
        return self

    def exchange(self, archive: bytes, seconds: float) -> bytes:  # noqa: ARG002
        return self.do(archive)

    def end(self) -> None:
        self.ended += 1


def _bare(archive: bytes) -> bytes:
    """The guest in a Python without any package."""
    argv = [sys.executable, "-I", "-S", "-c", parcel.BOOT, "-", "-", ""]
    return subprocess.run(argv, input=archive, capture_output=True, check=True, cwd="/").stdout


CALL = (b"def f():\n    return 1\n", CallTool("f", {}), Policy(limits=LIMITS))


def test_the_guest_needs_no_package() -> None:
    assert Local(_bare).call(*CALL).outcome == Returned(1, "int")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"no json",
        b"[" * 100_000,
        b"{}",
        b'{"outcome": {"kind": "Returned"}}',
        json.dumps({"outcome": {"kind": "Returned", "value": 1, "type_name": 2}}).encode(),
        base64.b64encode(b"x" * 1000),
    ],
)
def test_a_guest_that_lies_is_no_observation(answer: bytes) -> None:
    cloud = Local(lambda _: answer)
    with pytest.raises(HarnessError, match="observation"):
        cloud.call(*CALL)
    assert cloud.ended == 1
    assert cloud.left() == frozenset()


def test_a_guest_cannot_claim_to_be_the_kernel() -> None:
    def forged(archive: bytes) -> bytes:
        told = json.loads(_bare(archive))
        told["effects"] = [["read", "/etc/passwd", "", "done", "kernel", 1, ""]]
        return json.dumps(told).encode()

    assert [e.source for e in Local(forged).call(*CALL).effects] == ["syscall"]


@pytest.mark.parametrize("error", [RuntimeError("lost the line"), OSError("gone")])
def test_a_machine_that_fails_is_given_back(error: Exception) -> None:
    def fails(_: bytes) -> bytes:
        raise error

    cloud = Local(fails)
    with pytest.raises(HarnessError, match=str(error)):
        cloud.call(*CALL)
    assert cloud.ended == 1


def test_a_machine_that_hangs_is_a_timeout() -> None:
    def hangs(_: bytes) -> bytes:
        raise TimeoutError

    assert Local(hangs).call(*CALL).outcome == Killed("timeout")


def test_recorded_answers_stay_on_this_machine() -> None:
    class Answers:
        def connect(self, host: str, port: int) -> socket.socket:
            raise OSError(f"{host}:{port}")

    policy = Policy((Effect.parse("net: x.com"),), network=Answers())
    with pytest.raises(PolicyError, match="recorded answers"):
        Local(_bare).call(CALL[0], CALL[1], policy)


def test_a_provider_without_its_sdk_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(e2bs.E2B, "package", "no_such_package")
    with pytest.raises(SandboxUnavailable, match="no_such_package") as caught:
        Sandbox(backend="e2b")
    assert caught.value.hint.startswith("pip install 'smolagents-toolreg[e2b]'")
