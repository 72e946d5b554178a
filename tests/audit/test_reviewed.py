from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from toolreg.errors import ConfigError
from toolreg.load.approval import ReviewedTrust
from toolreg.load.reviewed import reviewed
from toolreg.manifest import Anyone
from toolreg.manifest.keys import new_key

KEY = str(new_key().signer)


def test_a_project_that_asks_for_no_approval_keeps_its_trust(tmp_path: Path) -> None:
    trust = Anyone()
    assert reviewed(trust, {}, tmp_path) is trust
    assert reviewed(trust, {"policy": {"approvals": 0}}, tmp_path) is trust


def test_a_project_that_asks_for_approvals_gets_them(tmp_path: Path) -> None:
    trust = reviewed(Anyone(), {"policy": {"approvals": 1, "reviewers": [KEY]}}, tmp_path)
    assert isinstance(trust, ReviewedTrust)
    assert (trust.needed, [str(r) for r in trust.reviewers], trust.approvals) == (1, [KEY], ())


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ({"approvals": 1}, "1 approvals are asked of 0 reviewers"),
        ({"approvals": 2, "reviewers": [KEY, KEY]}, "2 approvals are asked of 1 reviewers"),
        ({"approvals": -1}, "0 or more"),
        ({"approvals": True, "reviewers": [KEY]}, "0 or more"),
        ({"approvals": "1"}, "must be"),
        ({"approval": 1}, "no key 'approval'"),
        ({"approvals": 1, "reviewers": ["alice"]}, "is no signer"),
    ],
)
def test_a_policy_that_makes_no_sense_is_named(policy: dict[str, Any], words: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=words):
        reviewed(Anyone(), {"policy": policy}, tmp_path)
