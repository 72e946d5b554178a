from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from toolreg.errors import BadSignature, NotAllowed, SigningError, VerificationError
from toolreg.load.approval import ReviewedTrust, approve, latest, read_approval, read_approvals, save
from toolreg.manifest import MANIFEST, Anyone, Key, Verified, sign
from toolreg.manifest.keys import new_key
from toolreg.manifest.model import EffectsSection, Suppression, Unresolved

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=90)
PUBLISHER, REVIEWER, STRANGER = new_key(), new_key(), new_key()


Publication = Callable[..., Verified]


@pytest.fixture
def publication(make: SimpleNamespace) -> Publication:
    """Makes a signed publication of PUBLISHER's: code, declared effects, what is waived and why, version."""

    def made(
        code: bytes = b"x = 1\n", declared: tuple[str, ...] = (), waived: str = "", version: str = "1.0.0"
    ) -> Verified:
        gap = Unresolved(path="tool.py", line=3, reason="computed import", reason_accepted=waived)
        finding = Suppression(code="TRG501", path="tool.py", line=9, reason=waived)
        manifest = make.manifest(
            "word_count",
            "Count words.",
            version=version,
            files={"tool.py": code},
            effects=EffectsSection(declared=declared, unresolved=(gap,) if waived else ()),
            checks=make.checks(suppressions=(finding,) if waived else ()),
        )
        return make.signed(manifest, {"tool.py": code}, PUBLISHER)

    return made


def trust(*approvals: bytes, needed: int = 1, reviewers: tuple[Key, ...] = (REVIEWER,)) -> ReviewedTrust:
    return ReviewedTrust(
        Anyone(), [read_approval(a) for a in approvals], frozenset(k.signer for k in reviewers), needed
    )


def accepts(policy: ReviewedTrust, what: Verified, now: datetime = NOW) -> bool:
    try:
        policy.accept_manifest(what.manifest, what.signer, now)
    except NotAllowed:
        return False
    return True


def test_an_approved_version_is_loaded_and_one_nobody_read_is_not(publication: Publication) -> None:
    tool = publication()
    approval = approve(tool, REVIEWER, now=NOW, until=LATER)
    assert accepts(trust(approval), tool)
    with pytest.raises(NotAllowed, match=r"acme/word-count 1.0.0 has 0 of 1 approvals"):
        trust().accept_manifest(tool.manifest, tool.signer, NOW)


@pytest.mark.parametrize(
    "other",
    [{"code": b"x = 2\n"}, {"declared": ("net:evil.example",)}, {"waived": "trust me"}],
    ids=["other code", "other effects", "another waiver"],
)
def test_an_approval_holds_for_nothing_else(other: dict[str, Any], publication: Publication) -> None:
    approval = approve(publication(), REVIEWER, now=NOW, until=LATER)
    assert not accepts(trust(approval), publication(**other))


def test_an_approval_ends(publication: Publication) -> None:
    tool = publication()
    policy = trust(approve(tool, REVIEWER, now=NOW, until=LATER))
    assert [
        accepts(policy, tool, t) for t in (NOW - timedelta(1), NOW, LATER - timedelta(seconds=1), LATER)
    ] == [False, True, True, False]


def test_the_publisher_is_no_second_pair_of_eyes(publication: Publication) -> None:
    with pytest.raises(SigningError, match="published it yourself"):
        approve(publication(), PUBLISHER, now=NOW, until=LATER)


def test_an_end_in_the_past_is_refused(publication: Publication) -> None:
    with pytest.raises(SigningError, match="ended already"):
        approve(publication(), REVIEWER, now=NOW, until=NOW)


def test_only_named_reviewers_count_and_each_once(publication: Publication) -> None:
    tool = publication()
    mine = approve(tool, REVIEWER, now=NOW, until=LATER)
    again = approve(tool, REVIEWER, now=NOW + timedelta(days=1), until=LATER)
    strange = approve(tool, STRANGER, now=NOW, until=LATER)
    assert not accepts(trust(strange), tool)
    assert not accepts(trust(mine, again, needed=2), tool, NOW + timedelta(days=2))
    assert accepts(trust(mine, strange, needed=2, reviewers=(REVIEWER, STRANGER)), tool)


def test_what_the_author_waived_is_signed_by_the_reviewer(publication: Publication) -> None:
    waived = read_approval(
        approve(publication(waived="checked by hand"), REVIEWER, now=NOW, until=LATER)
    ).approval.predicate.waived
    assert [(w.what, w.line, w.reason) for w in waived] == [
        ("TRG501", 9, "checked by hand"),
        ("unresolved: computed import", 3, "checked by hand"),
    ]


def test_every_changed_byte_is_noticed(publication: Publication) -> None:
    data = approve(publication(), REVIEWER, now=NOW, until=LATER, note="read it all")
    for place in range(0, len(data), 7):
        changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        with pytest.raises(VerificationError):
            read_approval(changed)


def test_another_statement_by_the_reviewer_is_no_approval(publication: Publication) -> None:
    tool = publication()
    with pytest.raises(VerificationError):
        read_approval(sign(tool.files[MANIFEST], REVIEWER))


def test_a_folder_of_approvals_is_read_whole_or_not_at_all(tmp_path: Path, publication: Publication) -> None:
    folder = tmp_path / "approvals"
    assert read_approvals(folder) == ()
    first = save(approve(publication(), REVIEWER, now=NOW, until=LATER), folder)
    renewed = save(approve(publication(), REVIEWER, now=NOW + timedelta(days=1), until=LATER), folder)
    second = save(
        approve(publication(b"y = 2\n", version="1.1.0"), REVIEWER, now=NOW + timedelta(days=2), until=LATER),
        folder,
    )
    assert first == renewed != second
    found = read_approvals(folder)
    assert len(found) == 2
    newest = latest(found, "acme/word-count")
    assert newest is not None
    assert newest.approval.predicate.version == "1.1.0"
    assert latest(found, "acme/other") is None
    second.write_text(json.dumps({"no": "bundle"}))
    with pytest.raises(BadSignature) as caught:
        read_approvals(folder)
    assert caught.value.path == str(second)
