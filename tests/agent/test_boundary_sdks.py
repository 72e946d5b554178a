"""The providers' real SDKs, where they are installed: E2B against a stand-in of its server, Modal by signature."""

from __future__ import annotations

import ast
import contextlib
import inspect
import io
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from smolagents import CodeAgent, LogLevel

from toolreg.agent import ScriptedModel, run_agent
from toolreg.agent.boundaries import open_boundary
from toolreg.agent.presets import modal_options
from toolreg.agent.scripted import code

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


def test_modals_sandbox_takes_the_preset() -> None:
    modal = pytest.importorskip("modal", reason="Modal's SDK is not installed here")
    inspect.signature(modal.Sandbox.create).bind(**modal_options()["create_kwargs"])
