"""`[tool.toolreg.policy]`: how many approvals a tool needs before it is taken, and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from toolreg.config import line_of, table
from toolreg.errors import ConfigError
from toolreg.load.approval import ReviewedTrust, read_approvals
from toolreg.manifest import Trust, parse_signer

POLICY_KEYS: Mapping[str, type] = {"approvals": int, "reviewers": list}


def reviewed(trust: Trust, config: Mapping[str, Any], folder: Path, path: str = "pyproject.toml") -> Trust:
    """The reader's trust, with the approvals that their project asks for; unchanged where it asks for none.

    config: the [tool.toolreg] table. folder: where approvals are kept. Raises ConfigError, BadSignature.
    """
    policy = table(config, "policy", POLICY_KEYS, path)
    needed, names = policy.get("approvals", 0), policy.get("reviewers", [])
    if isinstance(needed, bool) or needed < 0:
        line = line_of(path, "tool.toolreg.policy.approvals")
        raise ConfigError(
            "[tool.toolreg.policy] approvals must be 0 or more",
            path=path,
            line=line,
            hint="write approvals = 1",
        )
    reviewers = frozenset(parse_signer(name) for name in names)
    if needed > len(reviewers):
        hint = "name as many with reviewers = [...]; `toolreg key show` prints a reviewer's"
        raise ConfigError(f"{needed} approvals are asked of {len(reviewers)} reviewers", path=path, hint=hint)
    return ReviewedTrust(trust, read_approvals(folder), reviewers, needed) if needed else trust
