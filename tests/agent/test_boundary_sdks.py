"""The providers' real SDKs, where they are installed: E2B against a stand-in of its server, Modal by signature."""

from __future__ import annotations

import ast
import contextlib
import inspect
import io
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import uvicorn
from smolagents import CodeAgent, LogLevel
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from toolreg.agent import ScriptedModel, run_agent
from toolreg.agent.boundaries import open_boundary
from toolreg.agent.executor import StepKilled
from toolreg.agent.presets import e2b_options, modal_options
from toolreg.agent.scripted import code
from toolreg.errors import SandboxUnavailable

pytestmark = pytest.mark.xdist_group("e2b")
PORT = 49999  # where the SDK looks when E2B_DEBUG is set


class Kernel(BaseHTTPRequestHandler):
    """E2B's `/execute`: runs a cell, answers in lines of JSON."""

    protocol_version = "HTTP/1.1"
    names: dict[str, Any] = {}  # noqa: RUF012 - one kernel for the test

    def do_POST(self) -> None:
        cell = json.loads(self.rfile.read(int(self.headers["content-length"])))["code"]
        lines = [*_run(cell, self.names), {"type": "number_of_executions", "execution_count": 1}]
        data = "".join(json.dumps(line) + "\n" for line in [*lines, {"type": "end_of_execution"}]).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        pass


def _run(cell: str, names: dict[str, Any]) -> list[dict[str, Any]]:
    printed, value, failed = io.StringIO(), None, []
    try:
        tree = ast.parse(cell)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        with contextlib.redirect_stdout(printed):
            exec(compile(tree, "<cell>", "exec"), names)
            value = eval(compile(ast.Expression(last.value), "<cell>", "eval"), names) if last else None
    except BaseException as error:  # noqa: BLE001 - a kernel tells whatever the cell raised
        failed = [{"type": "error", "name": type(error).__name__, "value": str(error), "traceback": ""}]
    told = [{"type": "stdout", "text": printed.getvalue(), "timestamp": 0}] if printed.getvalue() else []
    shown = [{"type": "result", "is_main_result": True, "text": str(value)}] if value is not None else []
    return [*told, *shown, *failed]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("E2B_DEBUG", "true")
    monkeypatch.setenv("E2B_API_KEY", "e2b_" + "0" * 40)
    with ThreadingHTTPServer(("127.0.0.1", PORT), Kernel) as made:
        thread = threading.Thread(target=made.serve_forever, daemon=True)
        thread.start()
        yield
        made.shutdown()
        thread.join()


@pytest.mark.usefixtures("server")
def test_an_agent_runs_twice_through_e2bs_own_sdk() -> None:
    pytest.importorskip("e2b_code_interpreter", reason="E2B's SDK is not installed here")
    replies = [
        code("x = 1", "print('hi')"),
        code("import os"),
        code("final_answer((x, 2))"),
        code("final_answer('again')"),
    ]
    boundary = open_boundary("e2b", step_timeout=20)
    agent = CodeAgent([], ScriptedModel(replies), executor=boundary, verbosity_level=LogLevel.OFF)
    assert run_agent(agent, "x").answer == (1, 2)
    assert "Import of os is not allowed" in str(agent.memory.steps[2].error)
    assert run_agent(agent, "y").answer == "again"


class Blaxel:
    """Blaxel's control plane and one sandbox with a kernel gateway: what smolagents' executor asks of them."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.made: dict[str, Any] = {}
        self.keys: set[str] = set()
        self.url = ""
        self.names: dict[str, Any] = {}
        self.refusing = False

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/v0/sandboxes", self.create, methods=["POST"]),
                Route("/v0/sandboxes/{name}", self.delete, methods=["DELETE"]),
                Route("/port/8888/api/kernels", self.kernel, methods=["POST"]),
                WebSocketRoute("/port/8888/api/kernels/k1/channels", self.channel),
            ]
        )

    async def create(self, request: Request) -> JSONResponse:
        if self.refusing:
            return JSONResponse({"code": 401, "error": "who are you?"}, status_code=401)
        self.made = await request.json()
        self.names = {}
        self._note(request, "create")
        return JSONResponse(
            {**self.made, "metadata": {**self.made["metadata"], "url": self.url}, "status": "DEPLOYED"}
        )

    async def delete(self, request: Request) -> JSONResponse:
        self._note(request, "delete")
        return JSONResponse({**self.made, "status": "DELETING"})

    async def kernel(self, request: Request) -> JSONResponse:
        self._note(request, "kernel")
        return JSONResponse({"id": "k1"}, status_code=201)

    async def channel(self, socket: WebSocket) -> None:
        await socket.accept()
        with contextlib.suppress(WebSocketDisconnect):
            while True:
                question = json.loads(await socket.receive_text())
                for kind, content in _jupyter(_run(question["content"]["code"], self.names)):
                    told = {"parent_header": question["header"], "msg_type": kind, "content": content}
                    await socket.send_text(json.dumps(told))

    def _note(self, request: Request, what: str) -> None:
        self.asked.append(what)
        self.keys |= {v for v in request.headers.values() if "bl-test-key" in v}


def _jupyter(lines: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for line in lines:
        match line["type"]:
            case "stdout":
                yield "stream", {"name": "stdout", "text": line["text"]}
            case "result":
                yield "execute_result", {"data": {"text/plain": line["text"]}}
            case "error":
                traceback = [f"{line['name']}: {line['value']}"]
                yield "error", {"ename": line["name"], "evalue": line["value"], "traceback": traceback}
    yield "status", {"execution_state": "idle"}


@pytest.fixture
def blaxel(monkeypatch: pytest.MonkeyPatch) -> Iterator[Blaxel]:
    """The stand-in on loopback; the SDK is told to go there and to report to nobody."""
    for name, value in {"BL_API_KEY": "bl-test-key", "BL_WORKSPACE": "here", "DO_NOT_TRACK": "1"}.items():
        monkeypatch.setenv(name, value)
    pytest.importorskip("blaxel", reason="Blaxel's SDK is not installed here: make test-boundaries")
    pytest.importorskip("websockets", reason="uvicorn speaks no WebSocket here: make test-boundaries")
    from blaxel.core.client import client

    cloud = Blaxel()
    server = uvicorn.Server(uvicorn.Config(cloud.app(), port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    cloud.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    before = client._base_url
    client.with_base_url(f"{cloud.url}/v0")
    yield cloud
    client.with_base_url(before)
    server.should_exit = True
    thread.join(timeout=10)


def test_an_agent_runs_twice_through_blaxels_own_sdk(blaxel: Blaxel) -> None:
    replies = [
        code("x = 1", "print('hi')"),
        code("import os"),
        code("1 / 0"),
        code("final_answer((x, 2))"),
        code("final_answer('again')"),
    ]
    boundary = open_boundary("blaxel", step_timeout=20)
    agent = CodeAgent([], ScriptedModel(replies), executor=boundary, verbosity_level=LogLevel.OFF)
    assert run_agent(agent, "x").answer == (1, 2)
    assert "Import of os is not allowed" in str(agent.memory.steps[2].error)
    assert "ZeroDivisionError" in str(agent.memory.steps[3].error)
    assert run_agent(agent, "y").answer == "again"
    assert "bl-test-key" not in str(agent.to_dict())
    boundary.cleanup()
    boundary.cleanup()
    assert blaxel.asked == ["create", "kernel", "delete"]
    assert blaxel.keys
    runtime = blaxel.made["spec"]["runtime"]
    assert (runtime["memory"], runtime["ttl"]) == (2048, "15m")


def test_a_step_of_blaxels_that_does_not_end_is_given_up(blaxel: Blaxel) -> None:
    boundary = open_boundary("blaxel", step_timeout=20)
    boundary("1")
    boundary.step_timeout = 0.3
    with pytest.raises(StepKilled, match=r"time limit of 0.3 s"):
        boundary("(lambda t: t.sleep(1))(print.__self__.__dict__['__import__']('time'))")
    assert blaxel.asked == ["create", "kernel", "delete"]


def test_a_refusal_of_blaxel_is_one_clear_error(blaxel: Blaxel) -> None:
    blaxel.refusing = True
    boundary = open_boundary("blaxel")
    with pytest.raises(SandboxUnavailable, match="sandbox 'blaxel' cannot be opened"):
        boundary("1")


def test_modals_sandbox_takes_the_preset_and_closes_its_network() -> None:
    modal = pytest.importorskip("modal", reason="Modal's SDK is not installed here: make test-boundaries")
    options = modal_options()["create_kwargs"]
    inspect.signature(modal.Sandbox.create).bind(**options, encrypted_ports=[8888])
    common = pytest.importorskip("modal.sandbox._common", reason="another version of Modal's SDK")
    lists = {name: value for name, value in options.items() if name.startswith("outbound_")}
    access = common._build_outbound_network_access(block_network=False, **lists)
    assert access.network_access_type == access.NetworkAccessType.ALLOWLIST
    assert (list(access.allowed_cidrs), list(access.allowed_domains)) == ([], [])
    assert "outbound_cidr_allowlist" not in modal_options(network=True)["create_kwargs"]


def test_e2bs_sandbox_takes_the_preset() -> None:
    e2b = pytest.importorskip(
        "e2b_code_interpreter", reason="E2B's SDK is not installed here: make test-boundaries"
    )
    inspect.signature(e2b.Sandbox.create).bind(**e2b_options())
    assert e2b_options()["allow_internet_access"] is False
