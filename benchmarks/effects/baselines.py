"""Other ways to guess effects: imports, the spelling of calls, and two scanners that pip installs."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

from score import Answer, Case

_IMPORTS = {
    "net": "requests httpx aiohttp urllib.request urllib3 socket smtplib ftplib imaplib http.client boto3 huggingface_hub openai"
    " anthropic datasets websockets paramiko redis pymongo psycopg transformers ddgs duckduckgo_search wikipedia playwright",
    "read": "os shutil pathlib glob io codecs zipfile tarfile sqlite3 pandas PIL numpy pypdf",
    "write": "os shutil pathlib tempfile zipfile tarfile sqlite3 PIL pandas matplotlib",
    "run": "subprocess pty os multiprocessing",
    "env": "os dotenv",
    "code": "pickle marshal importlib joblib torch",
    "native": "ctypes cffi",
    "listen": "http.server socketserver flask uvicorn",
}
_BANDIT = {
    "B102": "code", "B307": "code", "B301": "code", "B302": "code", "B506": "code", "B614": "code",
    "B310": "net", "B113": "net", "B321": "net", "B402": "net", "B309": "net", "B312": "net", "B104": "listen",
    "B602": "run", "B603": "run", "B605": "run", "B606": "run", "B607": "run", "B609": "run", "B404": "run", "B604": "run",
    "B108": "write", "B202": "write", "B103": "write", "B403": "code",
}  # fmt: skip
_AGENT_AUDIT = {"AGENT-001": "run", "AGENT-017": "code", "AGENT-035": "code"}
_CALLS = {
    "eval": "code", "exec": "code", "compile": "code", "__import__": "code", "open": "read",
    "requests.": "net", "httpx.": "net", "urllib.request.": "net", "socket.": "net", "aiohttp.": "net",
    "subprocess.": "run", "os.system": "run", "os.popen": "run", "os.environ": "env", "os.getenv": "env",
    "os.remove": "write", "os.unlink": "write", "shutil.": "write", "os.makedirs": "write", "pickle.": "code", "ctypes.": "native",
}  # fmt: skip


def by_imports(case: Case) -> Answer:
    """Every kind that an imported module could have."""
    kinds: set[str] = set()
    for name in _imported(ast.parse(case.source)):
        for kind, modules in _IMPORTS.items():
            if name in modules.split() or name.partition(".")[0] in modules.split():
                kinds.add(kind)
    if any(isinstance(n, ast.Name) and n.id == "open" for n in ast.walk(ast.parse(case.source))):
        kinds.add("read")
    return Answer(frozenset(kinds))


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def by_bandit(case: Case) -> Answer:
    """What bandit's findings say, each test put to the kind it is about."""
    found = _findings(case, [_program("bandit"), "-q", "-f", "json"])
    return Answer(
        frozenset(_BANDIT[r["test_id"]] for r in found.get("results", ()) if r["test_id"] in _BANDIT)
    )


def by_agent_audit(case: Case) -> Answer:
    """What agent-audit's findings say, each rule put to the kind it is about."""
    found = _findings(case, [_program("agent-audit"), "scan", "--format", "json"])
    return Answer(
        frozenset(
            _AGENT_AUDIT[r["rule_id"]] for r in found.get("findings", ()) if r["rule_id"] in _AGENT_AUDIT
        )
    )


def _program(name: str) -> str:
    """Where a peer is: beside this Python, on the PATH, or in the folder PEERS; "" if it is not installed."""
    return shutil.which(name, path=os.environ.get("PEERS", "")) or shutil.which(name) or ""


def _findings(case: Case, command: list[str]) -> dict[str, Any]:
    with tempfile.NamedTemporaryFile("w", suffix=".py") as file:
        file.write(case.source)
        file.flush()
        done = subprocess.run([*command, file.name], capture_output=True, text=True, check=False)
    found: dict[str, Any] = json.loads(done.stdout or "{}")
    return found


def by_call_names(case: Case) -> Answer:
    """Capability flags from the spelling of calls, as tool scanners do: no aliases, no flow."""
    kinds: set[str] = set()
    for node in ast.walk(ast.parse(case.source)):
        if isinstance(node, (ast.Attribute, ast.Name)):
            spelled = ast.unparse(node)
            kinds |= {
                kind
                for call, kind in _CALLS.items()
                if spelled == call or (call.endswith(".") and spelled.startswith(call))
            }
    return Answer(frozenset(kinds))


def baselines() -> dict[str, Callable[[Case], Answer]]:
    """The baselines that can run here; peers that are not installed are left out."""
    found: dict[str, Callable[[Case], Answer]] = {"by imports": by_imports, "by call names": by_call_names}
    for name, program in {"bandit": by_bandit, "agent-audit": by_agent_audit}.items():
        if _program(name):
            found[name] = program
    return found
