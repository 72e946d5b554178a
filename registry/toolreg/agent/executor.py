"""`CodeAgent(executor=SandboxExecutor())`: the agent's code runs in the sandbox, its tools answer from outside.

Inside are Python and the workspace: no tool's code, no environment, no network. A tool is a stub that asks over
one private channel; the host validates the arguments, asks the gate, and runs the tool under that tool's own
policy. So MCP tools, managed agents and tools with secrets work, and nothing of theirs is ever inside.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from smolagents.local_python_executor import (  # type: ignore[import-untyped]
    BASE_BUILTIN_MODULES,
    CodeOutput,
    PythonExecutor,
)

from toolreg.agent.calls import (
    Caller,
    Gate,
    Record,
    for_model,
    is_agent,
    no_record,
    open_gate,
    shown,
)
from toolreg.agent.channel import Called, Channel, ChannelBroken, Done, Printed, Ready, StepTimeout
from toolreg.agent.codec import CodecError
from toolreg.agent.inside import open_session
from toolreg.agent.stubs import crossing, stub
from toolreg.agent.workspace import Workspace
from toolreg.sandbox.observation import Tier
from toolreg.sandbox.probe import probe
from toolreg.sandbox.session import Session

# The entry point's name. An agent saved as "local", smolagents' default, would be loaded without a sandbox.
NAME = "toolreg"
_START_SECONDS = 30.0
_BOUNDARIES = {
    "A": "local: namespaces, Landlock, seccomp",
    "B": "local: Landlock, seccomp (tier B)",
    None: "",
}
_LOST = "the sandbox was started anew and its variables are lost"


class StepFailed(Exception):
    """A step that ended without a value; smolagents shows the text to the model."""


class StepKilled(StepFailed):
    """A step that was ended from outside."""


class SandboxExecutor(PythonExecutor):  # type: ignore[misc,unused-ignore]
    """Runs the code of one CodeAgent, step by step, with its state in between.

    additional_authorized_imports: besides smolagents' own list; `"*"` lifts the list, not the sandbox.
    step_timeout: seconds for one step, its tool calls included; then the code is killed and its variables lost.
    workspace: a folder on the host that the code may read and write; a temporary one without.
    memory: bytes of address space. tier: insist on one of the sandbox's; None takes this machine's best.
    """

    def __init__(
        self,
        additional_authorized_imports: Iterable[str] = (),
        *,
        step_timeout: float = 30.0,
        max_print_outputs_length: int | None = None,
        workspace: str | Path | Workspace | None = None,
        memory: int = 1 << 30,
        tier: Tier | None = None,
        gate: Gate = open_gate,
        record: Record = no_record,
    ) -> None:
        self.authorized_imports = sorted({*BASE_BUILTIN_MODULES, *additional_authorized_imports})
        self.step_timeout = step_timeout
        self.deadline: Callable[[], float | None] = lambda: None
        self.print_limit = max_print_outputs_length or 50_000
        self.workspace = workspace if isinstance(workspace, Workspace) else Workspace(workspace)
        self.memory, self.tier = memory, tier
        self.caller = Caller(gate, record)
        self.state: dict[str, Any] = {
            "_print_outputs": ""
        }  # CodeAgent reads the prints of a failed step here
        self._tools: dict[str, Any] = {}
        self._names: dict[str, Any] = {}
        self._session: Session | None = None
        self._channel: Channel | None = None
        self._step = 0
        self._answer: Any = None

    def start(self) -> None:
        """Bring the sandbox up now; else the first step pays for it. Raises SandboxUnavailable."""
        self._open()

    # What smolagents calls

    def send_tools(self, tools: Mapping[str, Any]) -> None:
        """Offer these tools and managed agents to the code."""
        self._tools = dict(tools)
        self._tell({"op": "tools", "tools": self._stubs()})

    def send_variables(self, variables: Mapping[str, Any]) -> None:
        """Set variables; files go into the workspace and become their paths there."""
        named = {name: self.workspace.adopt(name, value) for name, value in variables.items()}
        self._names.update(named)
        if named:
            self._tell({**self._naming(named), "files": self.workspace.changes()})

    def __call__(self, code_action: str) -> CodeOutput:
        """Run one step. Raises StepFailed, whose text tells the model what to do better."""
        self._step += 1
        self.state["_print_outputs"] = ""
        digest = hashlib.sha256(code_action.encode("utf-8", "backslashreplace")).hexdigest()
        self.caller.record("code", code=code_action, sha256=digest)
        begin = time.perf_counter()
        try:
            output = self._run(code_action)
        except BaseException as error:
            kind = (
                "killed" if isinstance(error, StepKilled) or not isinstance(error, StepFailed) else "output"
            )
            self._note(kind, begin, error=str(error), reason=str(error) or type(error).__name__)
            if not isinstance(error, StepFailed):  # Ctrl-C, a spent budget: the code must not run on
                self._end_session()
            raise
        self._note("output", begin, value=shown(output.output), final=output.is_final_answer)
        return output

    def cleanup(self) -> None:
        """End the sandbox and remove a temporary workspace."""
        self._end_session()
        self.workspace.remove()

    delete = cleanup

    @property
    def boundary(self) -> str:
        """What holds the code, in a word for people; empty where this machine has nothing, and no code runs."""
        return _BOUNDARIES[self.tier or probe().tier]

    @property
    def pid(self) -> int | None:
        """The sandbox's process on this host; None while there is none."""
        return None if self._session is None else self._session.pid

    # A step

    def _run(self, code: str) -> CodeOutput:
        limit = self._limit()
        try:
            channel = self._open()
            channel.received = 0
            self._answer = None
            channel.send({"op": "run", "id": self._step, "code": code}, limit)
            done = self._listen(channel, limit)
        except StepTimeout:
            raise self._killed(f"the step exceeded its time limit of {self.step_timeout:g} s") from None
        except ChannelBroken as error:
            raise self._killed(self._why(error)) from None
        self.workspace.collect(self._session)
        if done.error is not None:
            raise StepFailed(done.error)
        value = self._answer if done.outside else done.value
        return CodeOutput(output=value, logs=self.state["_print_outputs"], is_final_answer=done.is_final)

    def _listen(self, channel: Channel, limit: float) -> Done:
        while True:
            match channel.receive(limit):
                case Printed(text):
                    self._print(text)
                case Called() as call:
                    begin = time.monotonic()
                    reply = self._call(call, limit)
                    if is_agent(self._tools.get(call.name)):  # its own steps have their own limits
                        limit = self._bounded(limit + time.monotonic() - begin)
                    _reply(channel, call, reply, limit)
                case Done(id=number) as done if number == self._step:
                    return done
                case _:
                    raise ChannelBroken("the agent's code spoke out of turn")

    def _call(self, call: Called, limit: float) -> dict[str, Any]:
        tool = self._tools.get(call.name)
        if tool is None or call.problem:
            return {"error": call.problem or f"there is no tool '{call.name:.100}'"}
        try:
            self.workspace.collect(self._session)
            agent_limit = self._bounded(float("inf")) if is_agent(tool) else limit
            value = self.caller.call(
                call.name, tool, call.arguments, min(agent_limit, time.monotonic() + 86_400)
            )
            if call.name == "final_answer":
                self._answer = value
                return {"final": True}
            return {"result": crossing(value), "files": self.workspace.changes()}
        except StepTimeout:
            raise
        except Exception as error:  # noqa: BLE001 - a stranger's tool; the code inside may catch it
            return {"error": for_model(error)}

    def _print(self, text: str) -> None:
        room = self.print_limit - len(self.state["_print_outputs"])
        if room > 0:
            cut = "" if len(text) <= room else f"\n[cut at {self.print_limit} characters]"
            self.state["_print_outputs"] += text[:room] + cut

    def _note(self, kind: str, begin: float, **fields: Any) -> None:
        seconds = round(time.perf_counter() - begin, 4)
        self.caller.record(kind, logs=self.state["_print_outputs"], seconds=seconds, **fields)

    # The sandbox

    def _open(self) -> Channel:
        if self._channel is None:
            self.workspace.renew()
            self._session = open_session(self.workspace.path, self.memory, self.tier)
            self._channel = Channel(self._session.channel)
            limit = time.monotonic() + _START_SECONDS
            try:
                if self._channel.receive(limit) != Ready():
                    raise ChannelBroken("the sandbox did not start as it should")
                self._set_up(self._channel, limit)
            except (ChannelBroken, StepTimeout) as error:
                session, killed = self._session, self._killed(self._why(error))
                raise session.fault or killed from error
        return self._channel

    def _set_up(self, channel: Channel, limit: float) -> None:
        imports = [name.removesuffix(".*") for name in self.authorized_imports]
        channel.send({"op": "imports", "allowed": imports, "limit": self.print_limit}, limit)
        if self._names:
            channel.send(self._naming(self._names), limit)
        if self._tools:
            channel.send({"op": "tools", "tools": self._stubs()}, limit)

    def _tell(self, message: Mapping[str, Any]) -> None:
        if self._channel is None:
            return  # told when the sandbox starts
        try:
            self._channel.send(message, time.monotonic() + _START_SECONDS)
        except (ChannelBroken, StepTimeout):
            self._end_session()

    def _naming(self, names: Mapping[str, Any]) -> dict[str, Any]:
        return {"op": "names", "names": {"$": "dict", "v": [[k, crossing(v)] for k, v in names.items()]}}

    def _stubs(self) -> list[dict[str, Any]]:
        return [stub(name, tool) for name, tool in self._tools.items()]

    def _limit(self) -> float:
        return self._bounded(time.monotonic() + self.step_timeout)

    def _bounded(self, limit: float) -> float:
        deadline = self.deadline()
        return limit if deadline is None else min(limit, deadline)

    def _why(self, error: BaseException) -> str:
        reason = self._session.end() if self._session is not None else ""
        return f"the code was stopped: {reason or error}"

    def _killed(self, reason: str) -> StepKilled:
        self._end_session()
        return StepKilled(f"Code execution failed: {reason}; {_LOST}")

    def _end_session(self) -> None:
        session, channel = self._session, self._channel
        self._session = self._channel = None
        if session is not None:
            session.end()
        if channel is not None:
            channel.close()


def create_executor(
    additional_authorized_imports: Iterable[str] = (), logger: Any = None, **options: Any
) -> SandboxExecutor:
    """The factory behind the entry point `smolagents.executors`."""
    del logger
    return SandboxExecutor(additional_authorized_imports, **options)


def _reply(channel: Channel, call: Called, reply: Mapping[str, Any], limit: float) -> None:
    """Answer a call; a result that is too long becomes an error that the code may catch."""
    try:
        channel.send({"op": "reply", "id": call.id, **reply}, limit)
    except CodecError as error:
        channel.send({"op": "reply", "id": call.id, "error": f"{call.name}: {error}"}, limit)
