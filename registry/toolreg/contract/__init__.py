"""What a tool says of itself, read from its file without importing it."""

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
