from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from toolreg.effects import Effect
from toolreg.errors import ConfigError, Expired, NotAllowed, UsageError, WrongSigner
from toolreg.load import KnownSigners, ReaderTrust, TrustPolicy, decide_signer, parse_policy
from toolreg.load.approval import waived_in
from toolreg.load.trust import FirstUse, Refused, Rule, Trusted, check_promises
from toolreg.manifest import KeylessSigner, parse_manifest
from toolreg.manifest.keys import new_key
from toolreg.manifest.model import Suppression, Unresolved

GITHUB = "https://token.actions.githubusercontent.com"
RELEASE = KeylessSigner(
    GITHUB, "https://github.com/acme/tools/.github/workflows/release.yml@refs/tags/v1", "refs/tags/v1"
)
A, B = new_key().signer, new_key().signer


def decide(signer, policy=None, known=None, own=frozenset()):
    return decide_signer(signer, "acme/word-count", policy or TrustPolicy(), known or {}, own)


def test_a_signer_nobody_said_anything_about_is_a_first_use():
    assert decide(A) == FirstUse()
    assert decide(A, known={"other": frozenset({A})}) == FirstUse()


def test_a_signer_met_before_is_trusted_for_that_namespace():
    assert decide(A, known={"acme": frozenset({A, B})}) == Trusted("met before")


def test_another_signer_than_before_is_no_first_use():
    decision = decide(B, known={"acme": frozenset({A})})
    assert isinstance(decision, Refused)
    assert A.fingerprint in decision.why


def test_ones_own_key_is_trusted():
    assert decide(A, own=frozenset({A})) == Trusted("signed by yourself")


def test_the_policy_beats_habit_and_ownership():
    policy = parse_policy({"namespaces": {"acme": {"signers": [str(A)]}}})
    assert isinstance(decide(A, policy), Trusted)
    assert isinstance(decide(B, policy, known={"acme": frozenset({B})}, own=frozenset({B})), Refused)


def test_an_empty_list_of_signers_trusts_nobody():
    assert isinstance(decide(A, parse_policy({"signers": []}), known={"acme": frozenset({A})}), Refused)


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        (RELEASE, True),
        (replace(RELEASE, identity="https://github.com/acme/tools/*", ref="refs/tags/*"), True),
        (replace(RELEASE, identity="https://github.com/acme/*", ref="*"), True),
        (replace(RELEASE, ref="refs/heads/main"), False),
        (replace(RELEASE, ref=""), False),
        (replace(RELEASE, identity="https://github.com/acme2/*"), False),
        (replace(RELEASE, identity="github.com/acme"), False),
        (replace(RELEASE, issuer="https://*"), False),
        (replace(RELEASE, identity="https://github.com/acme/tools/.github/workflows/release?yml@*"), False),
        (A, False),
    ],
)
def test_a_keyless_signer_is_matched_by_issuer_identity_and_ref(pattern, fits):
    policy = parse_policy({"namespaces": {"acme": {"signers": [str(pattern)]}}})
    assert isinstance(decide(RELEASE, policy), Trusted if fits else Refused)


def manifest(shelf, **changes):
    return parse_manifest(shelf.publish(**changes).files["toolreg.json"])


def published(shelf):
    return manifest(shelf).predicate.published_at


def test_an_effect_beyond_the_policy_is_refused_by_name(shelf):
    rule = Rule(allow=(Effect.parse("net: *.example.com"), Effect.parse("read: *")))
    fine = manifest(shelf, effects=("net:api.example.com", "read:{path}"))
    check_promises(fine, rule, published(shelf))
    with pytest.raises(NotAllowed, match=r"wants net:\{url\}"):
        check_promises(manifest(shelf, effects=("net:api.example.com", "net:{url}")), rule, published(shelf))
    with pytest.raises(NotAllowed, match="wants run:git"):
        check_promises(manifest(shelf, effects=("run:git",)), Rule(allow=()), published(shelf))


def test_a_namespace_says_more_than_the_default_and_leaves_the_rest_to_it():
    policy = parse_policy({"max-age": 90, "allow": ["net: *"], "namespaces": {"acme": {"allow": []}}})
    assert policy.rule("acme/x") == Rule(None, (), timedelta(days=90))
    assert policy.rule("other/x") == Rule(None, (Effect("net", "*"),), timedelta(days=90))


def test_age_is_counted_from_publication(shelf):
    old, rule = manifest(shelf), Rule(max_age=timedelta(days=30))
    check_promises(old, rule, published(shelf) + timedelta(days=30))
    with pytest.raises(Expired, match="31 days old; 30 are allowed"):
        check_promises(old, rule, published(shelf) + timedelta(days=31))


def test_an_expired_manifest_is_refused_without_any_policy(shelf):
    short = manifest(shelf, lifetime=timedelta(days=7))
    check_promises(short, Rule(), published(shelf) + timedelta(days=6))
    with pytest.raises(Expired, match="expired on 2026-11-29"):
        check_promises(short, Rule(), published(shelf) + timedelta(days=7))


@pytest.mark.parametrize("where", ["finding", "effect"])
def test_what_rests_on_a_waiver_that_ended_is_refused(shelf, where):
    signed = manifest(shelf)
    today = published(shelf).date()
    waived = Suppression(code="TRG501", path="tool.py", line=3, reason="idle", author="maria", until=today)
    open_ = Unresolved(path="tool.py", line=3, reason="a name", reason_accepted="idle", accepted_until=today)
    part = (
        {"checks": signed.predicate.checks.model_copy(update={"suppressions": (waived,)})}
        if where == "finding"
        else {"effects": signed.predicate.effects.model_copy(update={"unresolved": (open_,)})}
    )
    resting = signed.model_copy(update={"predicate": signed.predicate.model_copy(update=part)})
    (said,) = waived_in(resting)
    assert (said.reason, said.until) == ("idle", today)
    check_promises(resting, Rule(), published(shelf))
    with pytest.raises(Expired, match=f"rests on a waiver that ended on {today}"):
        check_promises(resting, Rule(), published(shelf) + timedelta(days=1))


def test_a_manifest_from_the_future_cannot_outlive_its_age(shelf):
    with pytest.raises(Expired, match="in the future"):
        check_promises(manifest(shelf), Rule(), published(shelf) - timedelta(days=2))


def test_a_manifest_that_is_not_approved_is_refused(shelf):
    blocked = manifest(shelf).predicate.checks.model_copy(update={"verdict": "INCOMPLETE"})
    with pytest.raises(NotAllowed, match="was judged INCOMPLETE"):
        check_promises(manifest(shelf, checks=blocked), Rule(), published(shelf))


def test_a_tool_checked_on_another_machine_is_refused(shelf, known):
    local = manifest(shelf, origin="locally checked")
    now = published(shelf)
    with pytest.raises(NotAllowed, match="somebody else's machine"):
        ReaderTrust(TrustPolicy(), known).accept_manifest(local, shelf.key.signer, now)
    ReaderTrust(TrustPolicy(), known, own=frozenset({shelf.key.signer})).accept_manifest(
        local, shelf.key.signer, now
    )


def test_without_a_terminal_a_first_use_fails_and_says_how_to_trust(known):
    with pytest.raises(WrongSigner, match="whom you have not met") as caught:
        ReaderTrust(TrustPolicy(), known).accept_signer(A, "acme/word-count")
    assert f"toolreg key trust acme '{A}'" in caught.value.hint


def test_a_yes_is_remembered_and_a_no_is_not(known):
    asked = []

    def ask(signer, repository):
        asked.append(repository)
        return signer == A

    trust = ReaderTrust(TrustPolicy(), known, ask=ask)
    with pytest.raises(WrongSigner, match="whom you do not trust"):
        trust.accept_signer(B, "acme/word-count")
    assert known.read() == {}
    trust.accept_signer(A, "acme/word-count")
    trust.accept_signer(A, "acme/other")
    assert asked == ["acme/word-count", "acme/word-count"]
    with pytest.raises(WrongSigner, match="until now"):
        trust.accept_signer(B, "acme/word-count")
    assert len(asked) == 2


def test_a_namespace_that_signs_has_no_unsigned_tools(known):
    trust = ReaderTrust(TrustPolicy(), known)
    trust.refuse_unsigned("acme/word-count")
    known.remember("acme", A)
    with pytest.raises(WrongSigner, match="but acme signs what it publishes"):
        trust.refuse_unsigned("acme/word-count")
    trust.refuse_unsigned("other/word-count")
    with pytest.raises(WrongSigner):
        ReaderTrust(parse_policy({"signers": [str(A)]}), known).refuse_unsigned("other/word-count")


def release(ref, workflow="release"):
    return KeylessSigner(GITHUB, f"https://github.com/acme/tools/.github/workflows/{workflow}.yml@{ref}", ref)


def test_the_next_release_of_a_workflow_is_the_same_signer(known):
    asked = []
    trust = ReaderTrust(TrustPolicy(), known, ask=lambda signer, _: not asked.append(signer))
    trust.accept_signer(release("refs/tags/v1.0.0"), "acme/word-count")
    trust.accept_signer(release("refs/tags/v2.0.0"), "acme/word-count")
    assert len(asked) == 1
    for other in (release("refs/heads/main"), release("refs/pull/1/merge"), release("refs/tags/v1", "other")):
        with pytest.raises(WrongSigner, match="until now"):
            trust.accept_signer(other, "acme/word-count")


def test_a_branch_stays_that_branch(known):
    trust = ReaderTrust(TrustPolicy(), known, ask=lambda *_: True)
    trust.accept_signer(release("refs/heads/main"), "acme/word-count")
    with pytest.raises(WrongSigner):
        trust.accept_signer(release("refs/heads/feature"), "acme/word-count")


def test_known_signers_are_kept_and_forgotten(known):
    known.remember("acme", A)
    known.remember("acme", B)
    known.remember("zoo", RELEASE)
    assert KnownSigners(known.path).read() == {"acme": {A, B}, "zoo": {RELEASE}}
    known.forget("acme", A)
    known.forget("zoo", RELEASE)
    assert known.read() == {"acme": {B}}
    assert known.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "junk", [b"", b"[]", b'{"acme": 1}', b'{"acme": ["me"]}', b'{"acme": [], "acme": []}', b"\xff"]
)
def test_broken_known_signers_are_an_error_and_never_nobody(known, junk):
    known.path.write_bytes(junk)
    with pytest.raises(ConfigError, match="cannot read the known signers"):
        known.read()


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"signer": []}, r"no key 'signer'"),
        ({"namespaces": {"acme": {"ask": True}}}, r"namespaces\.acme\] has no key 'ask'"),
        ({"namespaces": []}, "no table"),
        ({"namespaces": {"acme": 1}}, "no table"),
        ({"max-age": 0}, "no number of days"),
        ({"max-age": True}, "no number of days"),
        ({"max-age": "1y"}, "no number of days"),
        ({"allow": ["fly: moon"]}, "unknown effect kind"),
        ({"allow": "net: *"}, "no list"),
        ({"signers": ["me"]}, "is no signer"),
        ({"revoked": ["me"]}, "revoked: 'me' is no signer"),
        ({"namespaces": {"acme": {"revoked": []}}}, "has no key 'revoked'"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(table, says):
    with pytest.raises(ConfigError, match=says):
        parse_policy(table)


def test_an_owner_in_other_letters_is_the_same_owner(known):
    decided = decide_signer(B, "ACME/word-count", TrustPolicy(), {"acme": frozenset({A})}, frozenset())
    assert isinstance(decided, Refused)
    policy = parse_policy({"namespaces": {"Acme": {"signers": [str(A)]}}})
    assert isinstance(decide_signer(B, "acme/word-count", policy, {}, frozenset()), Refused)
    assert isinstance(decide_signer(B, "aCME/word-count", policy, {}, frozenset({B})), Refused)
    known.remember("Acme", A)
    assert known.read() == {"acme": {A}}
    with pytest.raises(WrongSigner, match="signs what it publishes"):
        ReaderTrust(TrustPolicy(), known).refuse_unsigned("ACME/word-count")
    with pytest.raises(ConfigError, match="names Acme twice"):
        parse_policy({"namespaces": {"Acme": {"signers": []}, "acme": {"signers": [str(A)]}}})


def test_a_revoked_signer_is_refused_whatever_names_it():
    policy = parse_policy({"revoked": [str(A)], "signers": [str(A), str(B)]})
    decided = decide_signer(A, "acme/word-count", policy, {"acme": frozenset({A})}, frozenset({A}))
    assert isinstance(decided, Refused)
    assert "revoked" in decided.why
    assert decide_signer(B, "acme/word-count", policy, {}, frozenset()) == Trusted(
        "named in [tool.toolreg.trust]"
    )
    workflow = parse_policy({"revoked": [f"keyless:{GITHUB}|https://github.com/acme/*|*"]})
    assert isinstance(decide_signer(release("refs/tags/v1"), "acme/x", workflow, {}, frozenset()), Refused)


def test_a_revoked_signer_is_never_met_again_until_that_is_undone(known):
    known.remember("acme", A)
    known.remember("acme", B)
    known.revoke(A)
    assert (known.read(), known.revoked()) == ({"acme": {B}}, {A})
    with pytest.raises(WrongSigner, match="is revoked"):
        known.remember("zoo", A)
    known.restore(A)
    known.remember("zoo", A)
    assert (known.read(), known.revoked()) == ({"acme": {B}, "zoo": {A}}, frozenset())


@pytest.mark.parametrize("name", ["!", "", "a/b", "a b"])
def test_what_is_no_owner_is_not_remembered(known, name):
    with pytest.raises(UsageError, match="is no namespace"):
        known.remember(name, A)


def test_known_signers_that_cannot_be_written_are_an_error(tmp_path):
    (tmp_path / "folder").write_text("a file where the folder should be")
    known = KnownSigners(tmp_path / "elsewhere" / "known.json")
    known.remember("acme", A)
    known = KnownSigners(tmp_path / "folder" / "known.json")
    with pytest.raises(ConfigError, match="the known signers"):
        known.remember("acme", A)
