"""A Space as a tool, against a real Gradio app on this machine."""

from __future__ import annotations

import pytest

from toolreg.agent.spaces import from_space
from toolreg.effects import Effect
from toolreg.errors import ConfigError, Offline, UsageError


def test_a_missing_package_says_what_to_install() -> None:
    try:
        import gradio_client  # noqa: F401
    except ImportError:
        with pytest.raises(ConfigError) as caught:
            from_space("http://127.0.0.1:9/", "x", "X.")
        assert caught.value.hint == "pip install 'smolagents-toolreg[spaces]'"
    else:
        with pytest.raises(Offline, match="cannot be reached"):
            from_space("http://127.0.0.1:9/", "x", "X.")


@pytest.mark.slow
def test_a_real_gradio_app_answers() -> None:
    gradio = pytest.importorskip("gradio", reason="gradio is not installed here")
    pytest.importorskip("gradio_client")

    def greet(name: str, times: float = 1) -> str:
        return f"Hello {name}! " * int(times)

    with gradio.Interface(greet, ["text", "number"], "text", api_name="greet") as app:
        _, url, _ = app.launch(prevent_thread_lock=True, quiet=True, server_name="127.0.0.1")
    try:
        tool = from_space(url, "greet", "Greet somebody.", api_name="greet")
        assert tool(name="Ada", times=2) == "Hello Ada! Hello Ada! "
        assert next(iter(tool.inputs.values()))["type"] == "string"
        assert tool.effects == (Effect.parse(f"net: {url.removeprefix('http://').rstrip('/')} (writes)"),)
        with pytest.raises(UsageError, match="has no endpoint '/nothing'"):
            from_space(url, "x", "X.", api_name="nothing")
    finally:
        app.close()
