"""Runs an agent's code inside the sandbox. Holds no tool, no secret, no toolreg: only Python and one channel.

The code shares this process with the protocol and may say anything on the channel; whoever listens must not
believe a word of it. Frames: four bytes of length, big-endian, then one JSON object.
"""

from __future__ import annotations

import ast
import base64
import builtins
import io
import json
import os
import socket
import sys
import threading
import types
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from toolreg.agent.codec import decode, encode, holds_too_much
else:
    from toolreg_codec import decode, encode, holds_too_much

AGENT = "<agent>"
# The host refuses longer messages; so the code is told instead of being ended.
LONGEST = 12 << 20


class ToolError(Exception):
    """A tool refused or failed; the agent's code may catch it."""


class FinalAnswer(BaseException):
    """Ends the code with an answer; no Exception, so that `except Exception` lets it pass."""

    def __init__(self, value: Any, *, outside: bool = False) -> None:
        super().__init__(value)
        self.value = value
        self.outside = outside


class Channel:
    """The one way out. Prints may come from any thread; a question holds the channel until its answer is there."""

    def __init__(self, fd: int) -> None:
        self._socket = socket.socket(fileno=fd)
        self._write, self._ask = threading.Lock(), threading.Lock()
        self._number = 0

    def send(self, message: Mapping[str, Any]) -> None:
        data = json.dumps(message).encode()
        with self._write:
            self._socket.sendall(len(data).to_bytes(4, "big") + data)

    def receive(self) -> dict[str, Any]:
        size = int.from_bytes(self._exactly(4), "big")
        message: dict[str, Any] = json.loads(self._exactly(size))
        return message

    def ask(self, message: Mapping[str, Any]) -> dict[str, Any]:
        with self._ask:
            self._number += 1
            self.send({**message, "id": self._number})
            return self.receive()

    def finish(self, message: Mapping[str, Any]) -> None:
        with self._ask:
            self.send(message)

    def _exactly(self, size: int) -> bytes:
        data = bytearray()
        while len(data) < size:
            part = self._socket.recv(min(size - len(data), 1 << 20))
            if not part:
                os._exit(0)
            data += part
        return bytes(data)


class Prints(io.TextIOBase):
    """Standard output: sent line by line as it comes, up to a limit for each step."""

    def __init__(self, channel: Channel) -> None:
        self._channel, self._lock = channel, threading.RLock()
        self._kept: list[str] = []
        self._size = 0
        self.room = 0

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        with self._lock:
            part = text[: max(self.room, 0)]
            self.room -= len(text)
            self._kept.append(part)
            self._size += len(part)
            if "\n" in part or self._size > 4096:
                self.flush()
        return len(text)

    def flush(self) -> None:
        with self._lock:
            text, self._kept, self._size = "".join(self._kept), [], 0
        for start in range(0, len(text), 1 << 18):
            self._channel.send({"op": "print", "text": text[start : start + (1 << 18)]})


class Worker:
    """The agent's namespace, and what the host may ask of it."""

    def __init__(self, channel: Channel) -> None:
        self.channel, self.prints = channel, Prints(channel)
        self.allowed: frozenset[str] = frozenset()
        self.limit = 50_000
        self.main = types.ModuleType("__main__")
        self.names = self.main.__dict__
        self.names["__builtins__"] = {**vars(builtins), "__import__": self._import}
        sys.modules["__main__"] = self.main

    def serve(self) -> None:
        sys.stdout = sys.stderr = self.prints
        self.channel.send({"op": "ready"})
        while True:
            message = self.channel.receive()
            match message["op"]:
                case "imports":
                    self.allowed, self.limit = frozenset(message["allowed"]), message["limit"]
                case "tools":
                    self._set_tools(message["tools"])
                case "names":
                    self.names.update(decode(message["names"]))
                    _place(message.get("files", ()))
                case "run":
                    answer = _fitting(self._run(message["code"]))
                    self.channel.finish({**answer, "op": "done", "id": message["id"]})

    def _set_tools(self, tools: list[dict[str, Any]]) -> None:
        for tool in tools:
            self.names[tool["name"]] = final_answer if tool["plain_final"] else self._stub(tool)

    def _run(self, code: str) -> dict[str, Any]:
        self.prints.room = self.limit
        try:
            answer = _answer("value", self._execute(code))
        except FinalAnswer as final:
            answer = {"outside": True} if final.outside else _answer("final", final.value)
        except BaseException as error:  # noqa: BLE001 - whatever the agent's code raised is its result
            answer = {"error": _explain(error, code)}
        self.prints.flush()
        return answer

    def _execute(self, code: str) -> Any:
        tree = ast.parse(code, AGENT)
        last = tree.body[-1] if tree.body else None
        tail = ast.Expression(last.value) if isinstance(last, ast.Expr) else None
        if tail is not None:
            tree.body.pop()
        exec(compile(tree, AGENT, "exec"), self.names)
        if tail is not None:
            return eval(compile(tail, AGENT, "eval"), self.names)
        match last:
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                return self.names.get(name)
        return None

    def _import(
        self, name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0
    ) -> Any:
        if "*" not in self.allowed and not any(name == a or name.startswith(a + ".") for a in self.allowed):
            raise ImportError(
                f"Import of {name} is not allowed. Authorized imports are: {sorted(self.allowed)}"
            )
        return builtins.__import__(name, globals, locals, fromlist, level)

    def _stub(self, tool: dict[str, Any]) -> Callable[..., Any]:
        name, parameters = tool["name"], tool["parameters"]

        def stub(*args: Any, **kwargs: Any) -> Any:
            named = _named(name, parameters, args, kwargs)
            self.prints.flush()
            question = _fitting({"op": "call", "name": name, "arguments": encode(named)})
            if "error" in question:
                raise ToolError(question["error"])
            reply = self.channel.ask(question)
            if "error" in reply:
                raise ToolError(reply["error"])
            _place(reply.get("files", ()))
            if reply.get("final"):
                raise FinalAnswer(None, outside=True)
            return decode(reply["result"])

        stub.__name__ = stub.__qualname__ = name
        stub.__doc__ = tool["description"]
        return stub


def _place(files: Any) -> None:
    """Files that a tool wrote outside, put where this code sees them."""
    for path, data in files:
        try:
            os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
            with open(path, "wb") as file:
                file.write(base64.b64decode(data))
        except OSError:  # the code made something else of that name: its own business
            continue


def final_answer(answer: Any = None) -> Any:
    """Give the final answer; the code ends here."""
    raise FinalAnswer(answer)


def _named(name: str, parameters: list[str], args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    if (
        len(args) == 1
        and not kwargs
        and isinstance(args[0], dict)
        and args[0]
        and set(args[0]) <= set(parameters)
    ):
        return dict(args[0])
    if len(args) > len(parameters):
        raise TypeError(f"{name}() takes {len(parameters)} arguments, {len(args)} were given")
    named = dict(zip(parameters, args, strict=False))
    twice = sorted(set(named) & set(kwargs))
    if twice:
        raise TypeError(f"{name}() got more than one value for {', '.join(twice)}")
    return {**named, **kwargs}


def _answer(kind: str, value: Any) -> dict[str, Any]:
    """The value where it can cross, else its text."""
    try:
        return {kind: encode(value)}
    except BaseException:  # noqa: BLE001 - a stranger's class: what is asked of it may raise anything
        return {kind: _shown(value), "text": True}


def _fitting(message: dict[str, Any]) -> dict[str, Any]:
    """The message, or an error in its place where it is too long to be sent."""
    try:
        text = json.dumps(message)
        if len(text) <= LONGEST and not holds_too_much(text):
            return message
    except MemoryError:
        pass
    return {
        "error": f"a value is too large to leave the sandbox ({LONGEST >> 20} MB at most): keep it in a variable"
    }


def _shown(value: Any) -> str:
    try:
        return (hex(value) if type(value) is int else str(value))[:1_000_000]
    except BaseException as error:  # noqa: BLE001 - a stranger's __str__ may even end the process
        return f"<{type(value).__name__}, which cannot be shown: {type(error).__name__}>"


def _explain(error: BaseException, code: str) -> str:
    lines = code.splitlines()
    number = error.lineno or 0 if isinstance(error, SyntaxError) and error.filename == AGENT else 0
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == AGENT:
            number = trace.tb_lineno
        trace = trace.tb_next
    line = lines[number - 1].strip() if 0 < number <= len(lines) else ""
    place = f" at line {number} '{line[:200]}'" if line else ""
    return f"Code execution failed{place} due to: {type(error).__name__}: {_shown(error)[:20_000]}"


def serve(fd: int) -> None:
    """Serve the channel until it closes; then the process ends."""
    Worker(Channel(fd)).serve()
