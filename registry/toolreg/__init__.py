"""toolreg: read, judge, try, publish and load smolagents tools without trusting anybody's word.

    from toolreg import Effect, check, load_tool

Every public name is loaded on first use, so that `import toolreg` costs nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False  # typing alone would cost more than a whole run of lint over an unchanged project

__version__ = "0.1.0"

_PLACES = {
    "Effect": "toolreg.effects",
    "Manifest": "toolreg.manifest",
    "Registry": "toolreg.registry",
    "SandboxExecutor": "toolreg.agent",
    "build": "toolreg.registry",
    "check": "toolreg.registry",
    "effects_of": "toolreg.registry",
    "lint": "toolreg.registry",
    "load_tool": "toolreg.registry",
    "load_tools": "toolreg.registry",
    "publish": "toolreg.registry",
    "search": "toolreg.registry",
}
__all__ = ["__version__", *_PLACES]

if TYPE_CHECKING:
    from toolreg.agent import SandboxExecutor as SandboxExecutor
    from toolreg.effects import Effect as Effect
    from toolreg.manifest import Manifest as Manifest
    from toolreg.registry import Registry as Registry
    from toolreg.registry import build as build
    from toolreg.registry import check as check
    from toolreg.registry import effects_of as effects_of
    from toolreg.registry import load_tool as load_tool
    from toolreg.registry import load_tools as load_tools
    from toolreg.registry import publish as publish
    from toolreg.registry import search as search


def __getattr__(name: str) -> object:
    if name not in _PLACES:
        raise AttributeError(f"module 'toolreg' has no attribute '{name}'")
    from importlib import import_module

    return getattr(import_module(_PLACES[name]), name)
