"""What a tool says of itself, read from its file without importing it.

Names are imported when they are first asked for: finding files must not wait for the parser.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from toolreg.contract.docstring import Docstring, Example, Section, parse_docstring
    from toolreg.contract.files import find_files, read_bytes
    from toolreg.contract.source import Module, ToolSource, parse_module, read_module
    from toolreg.contract.spec import ToolSpec, spec_of

__all__ = [
    "Docstring",
    "Example",
    "Module",
    "Section",
    "ToolSource",
    "ToolSpec",
    "find_files",
    "parse_docstring",
    "parse_module",
    "read_bytes",
    "read_module",
    "spec_of",
]

_HOMES = {
    "docstring": ("Docstring", "Example", "Section", "parse_docstring"),
    "files": ("find_files", "read_bytes"),
    "source": ("Module", "ToolSource", "parse_module", "read_module"),
    "spec": ("ToolSpec", "spec_of"),
}


def __getattr__(name: str) -> object:
    import importlib

    for home, names in _HOMES.items():
        if name in names:
            return getattr(importlib.import_module(f"toolreg.contract.{home}"), name)
    raise AttributeError(f"module 'toolreg.contract' has no attribute '{name}'")
