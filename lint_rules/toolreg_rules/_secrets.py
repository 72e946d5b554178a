"""What looks like a key or a token: by its shape, or by the name it is given."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

SHAPES = {
    "a Hugging Face token": re.compile(r"\bhf_[A-Za-z0-9]{30,}"),
    "an OpenAI or Anthropic key": re.compile(r"\bsk-(?:proj-|ant-|or-)?[A-Za-z0-9_-]{20,}"),
    "an AWS key": re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    "a GitHub token": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})"),
    "a GitLab token": re.compile(r"\bglpat-[A-Za-z0-9_-]{20,}"),
    "a Slack token": re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{16,}"),
    "a Google key": re.compile(r"\bAIza[A-Za-z0-9_-]{35}"),
    "a Groq key": re.compile(r"\bgsk_[A-Za-z0-9]{20,}"),
    "an xAI key": re.compile(r"\bxai-[A-Za-z0-9]{40,}"),
    "a Tavily key": re.compile(r"\btvly-[A-Za-z0-9-]{20,}"),
    "an NVIDIA key": re.compile(r"\bnvapi-[A-Za-z0-9_-]{40,}"),
    "a Replicate token": re.compile(r"\br8_[A-Za-z0-9]{30,}"),
    "an npm token": re.compile(r"\bnpm_[A-Za-z0-9]{36}\b"),
    "a PyPI token": re.compile(r"\bpypi-[A-Za-z0-9_-]{50,}"),
    "a SendGrid key": re.compile(r"\bSG\.[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}"),
    "a Stripe key": re.compile(r"\b[rs]k_live_[A-Za-z0-9]{20,}"),
    "a Telegram token": re.compile(r"\b\d{9,10}:AA[A-Za-z0-9_-]{33}\b"),
    "a JSON Web Token": re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"),
    "a private key": re.compile(
        r"-----BEGIN (?:RSA |EC |OPENSSH |DSA |PGP )?PRIVATE KEY(?: BLOCK)?-----\s*[A-Za-z0-9+/=]{16,}"
    ),
    "a password in an address": re.compile(
        r"\b[a-z][a-z0-9+.-]*://[^/\s:@{}<>$%]+:[^/\s:@{}<>$%]{3,}@[\w.-]+"
    ),
    "an Azure key": re.compile(r"\bAccountKey=[A-Za-z0-9+/=]{40,}"),
    "a token": re.compile(r"\b(?:Bearer|Token) (?=[^\s]*\d)[A-Za-z0-9_.~+/-]{20,}"),
    "a key in an address": re.compile(
        r"(?i)[?&](?:api[_-]?key|access[_-]?token|token|key|appid|secret)=(?=[^&\s]*\d)(?=[^&\s]*[a-z])[a-z0-9_-]{16,}"
    ),
}
# What one of the shapes must hold, besides an address with a password.
MARKS = (
    "hf_", "sk-", "AKIA", "ASIA", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xox", "AIza", "gsk_", "xai-", "tvly-",
    "nvapi-", "r8_", "npm_", "pypi-", "SG.", "k_live_", ":AA", "eyJ", "PRIVATE KEY", "AccountKey=", "Bearer ", "Token ", "key=", "token=",
    "KEY=", "appid=", "secret=",
)  # fmt: skip
_ADDRESS = re.compile(r"://[^/\s:@]+:[^/\s@]+@")
_FILLING = re.compile(
    r"(?i)x{6,}|\*{4,}|0{8,}|1234567|abcdef|your[_-]|example|placeholder|changeme|dummy|fake|test[_-]|://user:pass|:password@|:secret@|localhost|_here\b|\.\.\.|<|\{|%s"
)
# Names whose value is a secret; the word stands last, so that `token_type` is none.
NAMED = re.compile(
    r"(?i)(?:.*[_-])?(?:api[_-]?key|apikey|secret(?:[_-]?key)?|access[_-]?key(?:[_-]?id)?|(?:auth|access|api|bearer|bot)[_-]?token|client[_-]?secret|private[_-]?key|passw(?:or)?d|passwd)\Z"
)
# One of these stands in every such name.
NAME_MARKS = ("_key", "-key", "apikey", "accesskey", "privatekey", "token", "secret", "passw")
_VALUE = re.compile(r"[!-~]{8,200}\Z")
_PLAIN = re.compile(
    r"[A-Za-z]+(?:[ _./:-][A-Za-z]+)*\Z|.*://|/|\.{1,2}/|[A-Z][A-Z0-9_]*\Z|[a-z]+(?:[_-][a-z]+)*[_-]?v?\d{1,2}\Z"
)


def may_hold_one(text: str) -> bool:
    """A quick look before the shapes are tried."""
    for mark in MARKS:  # a loop: a generator costs as much again, and this is asked of every file
        if mark in text:
            return True
    return "@" in text and "://" in text and _ADDRESS.search(text) is not None


def shaped(text: str) -> Iterator[tuple[str, str]]:
    """(what it looks like, its first characters) of the first secret in a text."""
    for what, pattern in SHAPES.items():
        match = pattern.search(text)
        if match and not is_placeholder(match[0]):
            yield what, match[0][:6]
            return


def is_placeholder(text: str) -> bool:
    return bool(_FILLING.search(text)) or len(set(text[-20:])) < 6


def is_secret_value(value: str) -> bool:
    """Letters and digits or signs without a word in them: what nobody writes but as a key or a password."""
    if not _VALUE.match(value) or _PLAIN.match(value) or is_placeholder(value):
        return False
    kinds = [any(test(c) for c in value) for test in (str.islower, str.isupper, str.isdigit)]
    return sum(kinds) + any(not c.isalnum() and c not in "_-." for c in value) >= 2


def named(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """(name, value) of what an assignment, a keyword, a mapping or a default gives to a name."""
    match node:
        case ast.Assign(targets=targets, value=value):
            yield from ((getattr(t, "id", getattr(t, "attr", "")), value) for t in targets)
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            yield name, value
        case ast.keyword(arg=str() as name, value=value):
            yield name, value
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key.value, value
        case ast.Call(
            func=ast.Attribute(attr="get" | "getenv" | "setdefault"),
            args=[ast.Constant(value=str() as name), value],
        ):
            yield name, value
