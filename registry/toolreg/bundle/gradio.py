"""A published tool as a gradio Space: the same tool, with smolagents' own demo before it.

Hosting one needs a paid account on huggingface.co; a static Space is free and loads just the same.
"""

from __future__ import annotations

from collections.abc import Mapping

from toolreg.contract import ToolSpec
from toolreg.errors import BundleError

# What smolagents 1.26 has a gradio component for; its demo stops with a KeyError at any other.
SHOWN = frozenset({"boolean", "image", "audio", "string", "integer", "number"})
APP = """\
from smolagents import launch_gradio_demo

from tool import {entry}

launch_gradio_demo({entry}())
"""


def as_gradio(files: Mapping[str, bytes], spec: ToolSpec, entry: str) -> dict[str, bytes]:
    """The files of a static Space as those of a gradio one. Raises BundleError for types the demo cannot show."""
    types = {f"its input '{name}'": schema.get("type") for name, schema in spec.inputs.items()}
    odd = [
        f"{what} is of type {kind}"
        for what, kind in {**types, "its output": spec.output_type}.items()
        if kind not in SHOWN
    ]
    if odd:
        raise BundleError(
            f"{spec.name} has no gradio form",
            reasons=[(0, reason) for reason in odd],
            hint="publish it as a static Space, which is the default",
        )
    card = files["README.md"].replace(b"\nsdk: static\n", b"\nsdk: gradio\napp_file: app.py\n", 1)
    rest = {name: data for name, data in files.items() if name not in ("index.html", "README.md")}
    return {**rest, "README.md": card, "app.py": APP.format(entry=entry).encode()}
