"""A model that says what it was told to say: tests without a key, and the replay of recorded runs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from smolagents.models import (  # type: ignore[import-untyped]
    ChatMessage,
    ChatMessageToolCall,
    ChatMessageToolCallFunction,
    MessageRole,
    Model,
)
from smolagents.monitoring import TokenUsage  # type: ignore[import-untyped]

from toolreg.errors import ConfigError

Reply = str | Mapping[str, Any] | Callable[[list[ChatMessage]], str]


class ScriptedModel(Model):  # type: ignore[misc,unused-ignore]
    """Answers with `replies` in order, then repeats the last one for ever.

    A reply is a text; or `{"tool": NAME, "arguments": {…}}` (also a list of them under "calls") for a
    ToolCallingAgent; or a function of the messages. Tokens are counted as words, so that budgets bite.
    """

    def __init__(self, replies: Iterable[Reply], model_id: str = "scripted") -> None:
        super().__init__(model_id=model_id)
        self.replies = list(replies)
        self.seen: list[list[ChatMessage]] = []
        if not self.replies:
            raise ConfigError(
                "a scripted model needs a reply", hint='write ["final_answer(1)"] into its file'
            )

    @classmethod
    def read(cls, path: Path) -> ScriptedModel:
        """Replies of a JSON file: a list of texts and tool calls. Raises ConfigError."""
        try:
            replies = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise ConfigError(f"no script can be read: {error}", path=str(path)) from error
        if not isinstance(replies, list) or not all(isinstance(r, (str, dict)) for r in replies):
            raise ConfigError("a script is a JSON list of texts and tool calls", path=str(path))
        return cls(replies)

    def generate(
        self,
        messages: list[ChatMessage],
        stop_sequences: list[str] | None = None,
        response_format: dict[str, str] | None = None,
        tools_to_call_from: list[Any] | None = None,
        **kwargs: Any,
    ) -> ChatMessage:
        """The next reply."""
        del stop_sequences, response_format, tools_to_call_from, kwargs
        reply = self.replies[min(len(self.seen), len(self.replies) - 1)]
        self.seen.append(list(messages))
        words = sum(len(str(m.content).split()) for m in messages)
        if callable(reply):
            reply = reply(messages)
        message = _message(reply, len(self.seen))
        message.token_usage = TokenUsage(words, len(str(reply).split()))
        return message


def code(*lines: str, thought: str = "") -> str:
    """A CodeAgent's reply that runs these lines."""
    return (f"Thought: {thought}\n" if thought else "") + "<code>\n" + "\n".join(lines) + "\n</code>"


def _message(reply: str | Mapping[str, Any], number: int) -> ChatMessage:
    if isinstance(reply, str):
        return ChatMessage(role=MessageRole.ASSISTANT, content=reply)
    calls = reply.get("calls", [reply])
    return ChatMessage(
        role=MessageRole.ASSISTANT,
        content=reply.get("content", ""),
        tool_calls=[
            ChatMessageToolCall(
                id=f"call_{number}_{n}",
                type="function",
                function=ChatMessageToolCallFunction(name=c["tool"], arguments=c.get("arguments", {})),
            )
            for n, c in enumerate(calls)
        ],
    )
