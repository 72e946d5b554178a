"""What nobody foresaw, as one line and a hint; without rich or typer, for `lint` and for the way out."""

from __future__ import annotations

from errno import ENOSPC

from toolreg.errors import ToolregError

# module -> the extra of this distribution that brings it
EXTRAS = {
    "anyio": "mcp",
    "distributed": "dask",
    "docker": "docker",
    "gradio_client": "spaces",
    "mcp": "mcp",
    "pyarrow": "parquet",
    "pygls": "lsp",
    "ray": "ray",
}


def told(error: Exception) -> ToolregError:
    """A missing extra, a file the system refuses, or a fault of toolreg's own; nothing was judged."""
    if isinstance(error, ModuleNotFoundError) and (extra := EXTRAS.get((error.name or "").partition(".")[0])):
        hint = f"pip install 'smolagents-toolreg[{extra}]'"
        return ToolregError(f"this needs the package '{error.name}'", hint=hint)
    if isinstance(error, OSError) and error.strerror:
        full = error.errno == ENOSPC
        hint = "make room and run it again" if full else "check the path and its permissions"
        return ToolregError(error.strerror, path=shortened(str(error.filename or "")), hint=hint)
    text = f"internal error: {type(error).__name__}: {shortened(str(error))}"
    return ToolregError(text, hint="run again with --debug and report it")


def shortened(text: str, most: int = 300) -> str:
    """At most so many characters; what was cut from the middle is counted."""
    if len(text) <= most:
        return text
    return f"{text[: most // 2]}…({len(text) - most} more)…{text[-most // 2 :]}"
