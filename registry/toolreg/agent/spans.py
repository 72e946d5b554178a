"""Spans of tool calls for OpenTelemetry, in OpenInference's words, where somebody collects them.

smolagents' own instrumentation wraps `Tool.__call__` in the process that runs the agent's code; with code in a
sandbox these spans would be missing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any


@contextmanager
def tool_span(name: str, arguments: Mapping[str, Any], result: Mapping[str, Any]) -> Iterator[None]:
    """A TOOL span around one call; nothing where OpenTelemetry is not installed. `result` is read at the end."""
    tracer = _tracer()
    if tracer is None:
        yield
        return
    with tracer.start_as_current_span(name) as span:
        span.set_attribute("openinference.span.kind", "TOOL")
        span.set_attribute("tool.name", name)
        span.set_attribute("input.value", json.dumps(arguments, default=str)[:20_000])
        yield
        if span.is_recording() and "output" in result:
            span.set_attribute("output.value", str(result["output"])[:20_000])


@cache
def _tracer() -> Any:
    try:
        from opentelemetry import trace
    except ImportError:
        return None
    return trace.get_tracer("toolreg")
