"""Run an agent within a budget and on record; it ends in a named state, whatever happens."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from smolagents import ActionStep, FinalAnswerStep  # type: ignore[import-untyped]
from smolagents.utils import AgentExecutionError, AgentMaxStepsError, AgentToolCallError  # type: ignore[import-untyped]

from toolreg.agent.budget import Budget, BudgetSpent, Ending, Meter
from toolreg.agent.calls import Caller, CallRefused, Gate, Record, for_model, named, no_record, open_gate
from toolreg.agent.channel import StepTimeout
from toolreg.agent.executor import NAME, SandboxExecutor
from toolreg.agent.facts import every_tool, facts, files
from toolreg.agent.metered import MeteredModel
from toolreg.agent.team import at_work, team_of
from toolreg.agent.toolset import facts_of, weigh
from toolreg.agent.trace import TraceWriter
from toolreg.agent.undisturbed import Undisturbed
from toolreg.errors import NotAllowed, ToolregError

OnEvent = Callable[[str, Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended. `answer` is the agent's own for `success`, a last guess for `max_steps`, else None."""

    ending: Ending
    answer: Any
    error: str
    steps: int
    input_tokens: int
    output_tokens: int
    seconds: float
    trace: Path | None


def run_agent(
    agent: Any,
    task: str,
    *,
    budget: Budget | None = None,
    trace: TraceWriter | None = None,
    gate: Gate = open_gate,
    allow_trifecta: bool = False,
    folders: Sequence[str] = (),
    additional_args: Mapping[str, Any] | None = None,
    on_event: OnEvent | None = None,
) -> Outcome:
    """Run `agent` (any smolagents agent) on a task. Raises NotAllowed if its tools are unsafe as a set,
    UsageError if it, or an agent that it manages, is at work in another run, SandboxUnavailable if its code
    cannot be isolated here.

    folders: of this machine that the model may name paths in, besides the workspace.
    on_event: called with every event as it happens, for a display. The trace is closed at the end.
    """
    budget = budget or Budget()
    team = team_of(agent)
    _refuse_trifecta(agent, allow_trifecta)
    meter = Meter(budget)
    write = _writer(trace, on_event)
    steps = [0]
    try:
        write("start", **facts(agent, task, budget))
        with at_work(team), _conducted(team, meter, write, gate, tuple(folders)):
            ended = _ended(lambda: _steps(agent, task, budget, additional_args, write, steps))
    except KeyboardInterrupt:
        ended = Ending.INTERRUPTED, None, "interrupted"
    except (ToolregError, SystemExit) as error:  # SystemExit: a signal's handler, a callback
        with contextlib.suppress(ToolregError):  # the record itself, if that is what failed
            _concluded(agent, (Ending.ERROR, None, named(error)), meter, steps[0], trace, write)
        raise
    with Undisturbed(drop=True):  # the run is over: its last words are written whatever comes
        return _concluded(agent, ended, meter, steps[0], trace, write)


def _concluded(
    agent: Any,
    ended: tuple[Ending, Any, str],
    meter: Meter,
    steps: int,
    trace: TraceWriter | None,
    write: Record,
) -> Outcome:
    outcome = Outcome(
        *ended,
        steps,
        meter.input_tokens,
        meter.output_tokens,
        round(meter.seconds, 3),
        trace.folder if trace else None,
    )
    found = files(agent)
    if found:
        write("files", files=found)
    write("end", **_end_fields(outcome))
    if trace is not None:
        trace.close()
    return outcome


def _ended(work: Callable[[], tuple[Ending, Any, str]]) -> tuple[Ending, Any, str]:
    try:
        return work()
    except BudgetSpent as spent:
        return spent.ending, None, str(spent)
    except KeyboardInterrupt:
        return Ending.INTERRUPTED, None, "interrupted"
    except Exception as error:  # noqa: BLE001 - a model's SDK or smolagents may raise anything; the run must end named
        return Ending.ERROR, None, f"{type(error).__name__}: {error}"


def _steps(
    agent: Any,
    task: str,
    budget: Budget,
    arguments: Mapping[str, Any] | None,
    write: Record,
    count: list[int],
) -> tuple[Ending, Any, str]:
    answer: Any = None
    extra = dict(arguments) if arguments else None
    seen: Any = None
    for event in agent.run(task, stream=True, max_steps=budget.max_steps, additional_args=extra):
        if isinstance(event, ActionStep) and event is not seen:
            seen = event
            count[0] += 1
            error = None if event.error is None else str(event.error.message)
            write("step", step=event.step_number, error=error, final=event.is_final_answer)
        elif isinstance(event, FinalAnswerStep):
            answer = event.output
    last = agent.memory.steps[-1] if agent.memory.steps else None
    if isinstance(getattr(last, "error", None), AgentMaxStepsError):
        return Ending.MAX_STEPS, answer, f"no final answer within {budget.max_steps} steps"
    return Ending.SUCCESS, answer, ""


def _refuse_trifecta(agent: Any, allowed: bool) -> None:
    verdict = weigh(facts_of(every_tool(agent)))
    if verdict.trifecta and not allowed:
        raise NotAllowed(
            f"these tools together could carry private data out ({'; '.join(verdict.lines())})",
            hint="give the agent fewer tools, or accept it with --allow-trifecta",
        )


@contextlib.contextmanager
def _conducted(
    team: Sequence[tuple[Any, str]], meter: Meter, write: Record, gate: Gate, folders: tuple[str, ...]
) -> Iterator[None]:
    """Put budget, record and gate around an agent and those it manages; take them off again after."""
    with contextlib.ExitStack() as stack:
        for each, name in team:
            record = _stamped(each, name, write)
            _replace(stack, each, "model", MeteredModel(each.model, meter, record))
            executor = getattr(each, "python_executor", None)
            if executor is None:
                caller = Caller(gate, record)
                caller.folders = folders
                _replace(stack, each, "execute_tool_call", _CheckedCalls(each, caller, meter))
            else:
                _conduct_executor(stack, executor, meter, gate, record)
                if isinstance(executor, SandboxExecutor):
                    each.executor_type = NAME
                    _replace(stack, executor.caller, "folders", folders)
        meter.begin()
        yield


def _conduct_executor(
    stack: contextlib.ExitStack, executor: Any, meter: Meter, gate: Gate, record: Record
) -> None:
    if isinstance(executor, SandboxExecutor):
        _replace(stack, executor.caller, "record", record)
        _replace(stack, executor.caller, "gate", gate)
        _replace(stack, executor, "deadline", lambda: meter.limit)
        _replace(stack, executor, "step_timeout", meter.budget.step_timeout)
        executor.start()
    elif hasattr(executor, "record"):  # a boundary of toolreg.agent.boundaries
        _replace(stack, executor, "record", record)
        _replace(stack, executor, "deadline", lambda: meter.limit)
        executor.start()


class _CheckedCalls:
    """Stands for `execute_tool_call` of an agent whose tools are called outside of code."""

    def __init__(self, agent: Any, caller: Caller, meter: Meter) -> None:
        self._agent, self._caller, self._meter = agent, caller, meter

    def __call__(self, tool_name: str, arguments: Any) -> Any:
        tools = {**self._agent.tools, **self._agent.managed_agents}
        if tool_name not in tools:
            raise AgentToolCallError(
                f"Unknown tool {tool_name}, should be one of: {', '.join(tools)}.", self._agent.logger
            )
        tool = tools[tool_name]
        given = arguments if isinstance(arguments, dict) else {next(iter(tool.inputs), "task"): arguments}
        given = {k: self._agent.state.get(v, v) if isinstance(v, str) else v for k, v in given.items()}
        try:
            return self._caller.call(tool_name, tool, given, self._limit())
        except StepTimeout:
            self._meter.check()
            seconds = f"{self._meter.budget.step_timeout:g}"
            raise AgentExecutionError(
                f"{tool_name} did not end within {seconds} s", self._agent.logger
            ) from None
        except CallRefused as refusal:
            raise AgentToolCallError(str(refusal), self._agent.logger) from refusal
        except Exception as error:  # a stranger's tool; the model is told
            raise AgentExecutionError(for_model(error), self._agent.logger) from error

    def _limit(self) -> float:
        limit = time.monotonic() + self._meter.budget.step_timeout
        return limit if self._meter.limit is None else min(limit, self._meter.limit)


def _replace(stack: contextlib.ExitStack, owner: Any, name: str, value: Any) -> None:
    """Set an attribute until the stack unwinds; an inherited method becomes the class's own again."""
    own = vars(owner).get(name, _replace)
    setattr(owner, name, value)
    stack.callback(delattr, owner, name) if own is _replace else stack.callback(setattr, owner, name, own)


def _writer(trace: TraceWriter | None, on_event: OnEvent | None) -> Record:
    if trace is None and on_event is None:
        return no_record

    def write(kind: str, /, **fields: Any) -> None:
        if trace is not None:
            trace.write(kind, **fields)
        if on_event is not None:
            on_event(kind, fields)

    return write


def _stamped(agent: Any, name: str, write: Record) -> Record:
    def record(kind: str, /, **fields: Any) -> None:
        write(kind, step=getattr(agent, "step_number", 0), **({"agent": name} if name else {}), **fields)

    return record


def _end_fields(outcome: Outcome) -> dict[str, Any]:
    return {
        "state": str(outcome.ending),
        "answer": None if outcome.answer is None else str(outcome.answer),
        "error": outcome.error or None,
        "steps": outcome.steps,
        "input_tokens": outcome.input_tokens,
        "output_tokens": outcome.output_tokens,
        "seconds": outcome.seconds,
    }
