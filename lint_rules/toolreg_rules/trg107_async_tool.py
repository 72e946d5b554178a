import ast
from collections.abc import Iterator

from toolreg.contract.source import ToolSource
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import class_tool, function_tool


@rule(
    "TRG107",
    "async-tool",
    Severity.ERROR,
    bad=[
        function_tool("return text.splitlines()[0]", word="async def"),
        class_tool(word="async def"),
    ],
    good=[
        function_tool("return text.splitlines()[0]"),
        class_tool(),
    ],
    references=["https://github.com/huggingface/smolagents/issues/334"],
    needs=[ast.AsyncFunctionDef],
)
def async_tool(tool: ToolSource) -> Iterator[Hit]:
    """An `async` tool.

    smolagents refuses an async `@tool` with a misleading message, and never awaits an async `forward`: the agent
    gets a coroutine instead of an answer. Write a plain function; run the event loop inside it if you must.
    """
    if isinstance(tool.call, ast.AsyncFunctionDef):
        yield (
            tool.call,
            "smolagents has no async tools; write a plain function, with asyncio.run inside if need be",
        )
