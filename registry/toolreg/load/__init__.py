"""From a name to a tool an agent can call: lock, trust, store, and calls that run in the sandbox.

`load_tool` and `SandboxedTool` import smolagents; they are loaded when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from toolreg.load.failure import ToolFailed
from toolreg.load.fetch import Fetch, Ref, fetch_locked, fetch_new, parse_ref
from toolreg.load.known import KnownSigners
from toolreg.load.lock import Entry, Lock, read_lock, write_lock
from toolreg.load.manage import Checked, Update, add, difference, update, verify_all
from toolreg.load.store import Store
from toolreg.load.trust import ReaderTrust, TrustPolicy, decide_signer, parse_policy

if TYPE_CHECKING:
    from toolreg.load.api import load_tool, load_tools
    from toolreg.load.sandboxed import Room, SandboxedTool

_LAZY = {"load_tool": "api", "load_tools": "api", "Room": "sandboxed", "SandboxedTool": "sandboxed"}

__all__ = [
    "Checked",
    "Entry",
    "Fetch",
    "KnownSigners",
    "Lock",
    "ReaderTrust",
    "Ref",
    "Room",
    "SandboxedTool",
    "Store",
    "ToolFailed",
    "TrustPolicy",
    "Update",
    "add",
    "decide_signer",
    "difference",
    "fetch_locked",
    "fetch_new",
    "load_tool",
    "load_tools",
    "parse_policy",
    "parse_ref",
    "read_lock",
    "update",
    "verify_all",
    "write_lock",
]


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module 'toolreg.load' has no attribute '{name}'")
    from importlib import import_module

    return getattr(import_module(f"toolreg.load.{_LAZY[name]}"), name)
