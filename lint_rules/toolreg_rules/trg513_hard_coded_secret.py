import ast
import re
from collections.abc import Iterator

from toolreg.contract.source import Module
from toolreg.lint.api import Hit, Severity, rule
from toolreg.lint.example import function_tool
from toolreg.lint.walk import nodes

_SHAPES = {
    "a Hugging Face token": re.compile(r"\bhf_[A-Za-z0-9]{30,}"),
    "an OpenAI or Anthropic key": re.compile(r"\bsk-(?:proj-|ant-|or-)?[A-Za-z0-9_-]{20,}"),
    "an AWS key": re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    "a GitHub token": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})"),
    "a Slack token": re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{16,}"),
    "a Google key": re.compile(r"\bAIza[A-Za-z0-9_-]{35}"),
    "a Stripe key": re.compile(r"\b[rs]k_live_[A-Za-z0-9]{20,}"),
    "a Telegram token": re.compile(r"\b\d{9,10}:AA[A-Za-z0-9_-]{33}\b"),
    "a JSON Web Token": re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"),
    "a private key": re.compile(
        r"-----BEGIN (?:RSA |EC |OPENSSH |DSA |PGP )?PRIVATE KEY(?: BLOCK)?-----\s*[A-Za-z0-9+/=]{16,}"
    ),
    "a password in an address": re.compile(
        r"\b[a-z][a-z0-9+.-]*://[^/\s:@{}<>$%]+:[^/\s:@{}<>$%]{3,}@[\w.-]+"
    ),
}
# What one of the shapes must hold.
_MARKS = (
    "hf_",
    "sk-",
    "AKIA",
    "ASIA",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "xox",
    "AIza",
    "k_live_",
    ":AA",
    "eyJ",
    "PRIVATE KEY",
)
_ADDRESS = re.compile(r"://[^/\s:@]+:[^/\s@]+@")
_FILLING = re.compile(
    r"(?i)x{6,}|\*{4,}|0{8,}|1234567|abcdef|your[_-]|example|placeholder|changeme|dummy|fake|test[_-]|://user:pass|:password@|:secret@|localhost"
)


def _may_hold_one(text: str) -> bool:
    if any(mark in text for mark in _MARKS):
        return True
    return "@" in text and "://" in text and _ADDRESS.search(text) is not None


def _is_placeholder(text: str) -> bool:
    return bool(_FILLING.search(text)) or len(set(text[-20:])) < 6


@rule(
    "TRG513",
    "hard-coded-secret",
    Severity.ERROR,
    bad=[
        function_tool("return text + 'postgres://reader:Tr0ub4dor3@db.acme.net/notes'"),
    ],
    good=[
        function_tool("import os\nreturn text + os.environ['HF_TOKEN']", effects="env: HF_TOKEN"),
        function_tool("return text + 'hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'"),
    ],
)
def hard_coded_secret(module: Module) -> Iterator[Hit]:
    """A key or token stands in the code.

    What is published is read by everybody, and a key in it is found within minutes. Take it back, make a new one,
    and read it from the environment: `env: NAME`.
    """
    long = [n for n in nodes(module, ast.Constant) if isinstance(n.value, str) and len(n.value) >= 16]
    if not _may_hold_one("\n".join([str(n.value) for n in long])) or not _may_hold_one(module.text):
        return
    for node in long:
        for what, pattern in _SHAPES.items():
            match = pattern.search(str(node.value))
            if match and not _is_placeholder(match[0]):
                yield node, f"looks like {what} ('{match[0][:6]}…'); read it from the environment instead"
                break
