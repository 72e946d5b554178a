"""A model on a budget and on record: every question is checked before, counted and written down after."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from smolagents.models import agglomerate_stream_deltas  # type: ignore[import-untyped]

from toolreg.agent.budget import BudgetSpent, Ending, Meter
from toolreg.agent.calls import Record, within
from toolreg.agent.channel import StepTimeout

# Nothing that a person could read, or an agent should run, is longer.
LONGEST_ANSWER = 200_000
_END = object()
_CUT = "\n[the model's answer was cut here]"


class MeteredModel:
    """Stands in for a smolagents model for one run; everything else is the model's own."""

    def __init__(self, model: Any, meter: Meter, record: Record) -> None:
        self._model, self._meter, self._record = model, meter, record
        self._told: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name == "generate_stream" and hasattr(self._model, name):
            return self._stream
        return getattr(self._model, name)

    def generate(self, messages: list[Any], *args: Any, **kwargs: Any) -> Any:
        """Ask the model. Raises BudgetSpent before or while it waits."""
        self._meter.check()
        begin = time.perf_counter()
        fields: dict[str, Any] = {"messages": self._news(messages)}
        try:
            answer = self._in_time(lambda: self._model.generate(messages, *args, **kwargs), fields)
        except BaseException as error:
            fields.setdefault("error", f"{type(error).__name__}: {error}")
            raise
        else:
            answer.content = _shortened(answer.content)
            fields |= _answered(answer)
            self._count(answer.token_usage)
            return answer
        finally:
            self._note(begin, fields)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.generate(*args, **kwargs)

    def _stream(self, messages: list[Any], *args: Any, **kwargs: Any) -> Iterator[Any]:
        """The model's answer bit by bit; each bit must come before the deadline."""
        self._meter.check()
        begin, size, deltas = time.perf_counter(), 0, list[Any]()
        fields: dict[str, Any] = {"messages": self._news(messages)}
        stream = self._model.generate_stream(messages, *args, **kwargs)
        try:
            while size <= LONGEST_ANSWER:
                delta = self._in_time(lambda: next(stream, _END), fields)
                if delta is _END:
                    break
                deltas.append(delta)
                size += len(delta.content or "")
                self._count(delta.token_usage)
                yield delta
                self._meter.check()
        except Exception as error:
            fields["error"] = f"{type(error).__name__}: {error}"
            raise
        finally:
            self._note(begin, fields | _gathered(deltas))

    def _in_time(self, work: Callable[[], Any], fields: dict[str, Any]) -> Any:
        try:
            return within(work, self._meter.limit or time.monotonic() + 86_400)
        except SystemExit as error:
            raise RuntimeError("the model ended itself with SystemExit") from error
        except StepTimeout:
            fields["error"] = "no answer before the deadline"
            raise BudgetSpent(
                Ending.DEADLINE, "the task's deadline passed while the model was asked"
            ) from None

    def _note(self, begin: float, fields: dict[str, Any]) -> None:
        name = str(getattr(self._model, "model_id", "") or type(self._model).__name__)
        self._record("model", model=name, seconds=round(time.perf_counter() - begin, 3), **fields)

    def _count(self, usage: Any) -> None:
        if usage is not None:
            self._meter.count(usage.input_tokens or 0, usage.output_tokens or 0)

    def _news(self, messages: list[Any]) -> list[dict[str, Any]]:
        """Messages that were not part of the last question."""
        told = [_digest(m) for m in messages]
        same = 0
        while same < min(len(told), len(self._told)) and told[same] == self._told[same]:
            same += 1
        self._told = told
        return [{"role": _role(m), "content": _text(_content(m))} for m in messages[same:]]


def _answered(answer: Any) -> dict[str, Any]:
    usage = answer.token_usage
    calls = [{"name": c.function.name, "arguments": c.function.arguments} for c in answer.tool_calls or ()]
    return {
        "output": _text(answer.content),
        "tool_calls": calls,
        "input_tokens": getattr(usage, "input_tokens", None),
        "output_tokens": getattr(usage, "output_tokens", None),
    }


def _gathered(deltas: Sequence[Any]) -> dict[str, Any]:
    """What a stream came to, as far as it came."""
    try:
        return _answered(agglomerate_stream_deltas(list(deltas)))
    except Exception:  # noqa: BLE001 - smolagents' own, on odd bits; the run has told why it failed
        return {"output": "".join(str(d.content or "") for d in deltas)}


def _shortened(content: Any) -> Any:
    if isinstance(content, str) and len(content) > LONGEST_ANSWER:
        return content[:LONGEST_ANSWER] + _CUT
    return content


def _role(message: Any) -> str:
    role = message.get("role") if isinstance(message, dict) else message.role
    return str(getattr(role, "value", role))


def _content(message: Any) -> Any:
    return message.get("content") if isinstance(message, dict) else message.content


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "\n".join(_text(p.get("text", f"[{p.get('type')}]")) for p in content if isinstance(p, dict))
    return content if isinstance(content, str) else "" if content is None else str(content)


def _digest(message: Any) -> str:
    text = f"{_role(message)}\0{_text(_content(message))}"
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()
