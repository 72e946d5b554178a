"""Whom the reader trusts with what: a policy, the signers met before, and one pure decision.

[tool.toolreg.trust]
max-age = 365                                   # days since publication
revoked = ["ed25519:…"]                         # keys that hold nowhere any more, for what is locked too
allow = ["net: *.example.com", "read: data/**"] # effects a tool may promise; without it, any

[tool.toolreg.trust.namespaces.acme]
signers = ["ed25519:…", "keyless:ISSUER|https://github.com/acme/*|refs/tags/v*"]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from toolreg.config import line_of
from toolreg.effects import Effect, EffectSyntaxError, uncovered
from toolreg.errors import ConfigError, Expired, NotAllowed, WrongSigner
from toolreg.load.known import KnownSigners
from toolreg.manifest import Manifest, Signer, parse_signer
from toolreg.manifest.signer import lasting, matches

SKEW = timedelta(hours=1)
Ask = Callable[[Signer, str], bool]
Demand = Callable[[Manifest, Signer, datetime], None]


@dataclass(frozen=True, slots=True)
class Rule:
    """What one namespace may do. None means: nothing is said about it here."""

    signers: tuple[Signer, ...] | None = None
    allow: tuple[Effect, ...] | None = None
    max_age: timedelta | None = None


@dataclass(frozen=True, slots=True)
class TrustPolicy:
    """`[tool.toolreg.trust]`: a rule for all, and rules for namespaces that say more.

    revoked: signers that hold nowhere any more, whatever else names them.
    demand: what the project asks besides, such as approvals; it raises a VerificationError.
    """

    default: Rule = Rule()
    namespaces: Mapping[str, Rule] = field(default_factory=dict)
    demand: Demand | None = None
    revoked: tuple[Signer, ...] = ()

    def rule(self, repository: str) -> Rule:
        """The rule for `namespace/name`; what the namespace leaves open, the default says."""
        space = namespace(repository)
        own = next((rule for name, rule in self.namespaces.items() if name.lower() == space), Rule())
        return Rule(
            self.default.signers if own.signers is None else own.signers,
            self.default.allow if own.allow is None else own.allow,
            self.default.max_age if own.max_age is None else own.max_age,
        )


@dataclass(frozen=True, slots=True)
class Trusted:
    why: str


@dataclass(frozen=True, slots=True)
class FirstUse:
    """Nobody has said anything about this signer."""


@dataclass(frozen=True, slots=True)
class Refused:
    why: str
    hint: str


Decision = Trusted | FirstUse | Refused


def decide_signer(
    signer: Signer,
    repository: str,
    policy: TrustPolicy,
    known: Mapping[str, frozenset[Signer]],
    own: frozenset[Signer],
) -> Decision:
    """May `signer` speak for `repository`? Pure.

    The policy beats habit; a changed signer is never a first use.
    """
    space = namespace(repository)
    if any(matches(pattern, signer) for pattern in policy.revoked):
        return Refused("that signer is revoked", "do not load it; ask its owner who signs now")
    named = policy.rule(repository).signers
    if named is not None:
        if any(matches(pattern, signer) for pattern in named):
            return Trusted("named in [tool.toolreg.trust]")
        return Refused(
            f"[tool.toolreg.trust] names other signers for {space}", "add this one there if you trust it"
        )
    if signer in own:
        return Trusted("signed by yourself")
    before = known.get(space, frozenset())
    if any(matches(met, signer) for met in before):
        return Trusted("met before")
    if before:
        others = ", ".join(sorted(s.fingerprint for s in before))
        return Refused(
            f"{space} was signed by {others} until now",
            "somebody else may be publishing there; if its owner rotated the key, `toolreg key follow` takes the"
            " old key's word for it; else ask, then `toolreg key trust` the new signer",
        )
    return FirstUse()


def check_policy(manifest: Manifest, signer: Signer, policy: TrustPolicy, now: datetime) -> None:
    """Refuse what the policy does not allow, or asks for in vain. Raises NotAllowed, Expired."""
    check_promises(manifest, policy.rule(manifest.predicate.tool.repository), now)
    if policy.demand is not None:
        policy.demand(manifest, signer, now)


def check_promises(manifest: Manifest, rule: Rule, now: datetime) -> None:
    """Refuse what the rule does not allow. Raises NotAllowed, Expired."""
    predicate = manifest.predicate
    name, age = predicate.tool.repository, now - predicate.published_at
    if predicate.checks.verdict != "APPROVED":
        raise NotAllowed(
            f"{name} was judged {predicate.checks.verdict}", hint="only approved tools are loaded"
        )
    beyond = uncovered(predicate.effects.granted(), by=rule.allow) if rule.allow is not None else ()
    if beyond:
        listed = ", ".join(map(str, beyond))
        raise NotAllowed(
            f"{name} wants {listed}",
            hint="[tool.toolreg.trust] allow does not cover it; widen it if you want this tool",
        )
    if age < -SKEW:
        raise Expired(f"{name} says it was published in the future", hint="check this machine's clock")
    if predicate.expires_at is not None and predicate.expires_at <= now:
        raise Expired(
            f"{name} expired on {predicate.expires_at:%Y-%m-%d}", hint="`toolreg update` takes a newer one"
        )
    checks, effects = predicate.checks.suppressions, predicate.effects.unresolved
    ends = [day for day in (*(s.until for s in checks), *(u.accepted_until for u in effects)) if day]
    if ends and min(ends) < now.date():
        raise Expired(
            f"{name} rests on a waiver that ended on {min(ends)}",
            hint="`toolreg update` takes a newer one; `toolreg show` tells what was waived",
        )
    if rule.max_age is not None and age > rule.max_age:
        raise Expired(
            f"{name} is {age.days} days old; {rule.max_age.days} are allowed",
            hint="`toolreg update`, or raise max-age",
        )


@dataclass(slots=True)
class ReaderTrust:
    """The trust of one reader: their policy, the signers they met, and how to ask them (`manifest.Trust`).

    ask: (signer, repository) → yes or no; None where nobody can be asked, and a first use then fails.
    """

    policy: TrustPolicy
    known: KnownSigners
    own: frozenset[Signer] = frozenset()
    ask: Ask | None = None

    def accept_signer(self, signer: Signer, repository: str) -> None:
        """Raises WrongSigner; remembers a signer that the reader has just said yes to."""
        match decide_signer(signer, repository, self.policy, self.known.read(), self.own):
            case Refused(why, hint):
                raise WrongSigner(f"{repository} is signed by {signer.fingerprint}, but {why}", hint=hint)
            case FirstUse():
                self._first_use(signer, repository)

    def accept_manifest(self, manifest: Manifest, signer: Signer, now: datetime) -> None:
        """Raises NotAllowed, Expired."""
        repository = manifest.predicate.tool.repository
        if manifest.predicate.origin == "locally checked" and signer not in self.own:
            raise NotAllowed(
                f"{repository} was checked on somebody else's machine",
                hint="add it from its Hub, to check it on yours",
            )
        check_policy(manifest, signer, self.policy, now)

    def refuse_unsigned(self, repository: str, signed: Iterable[str] = ()) -> None:
        """Raises WrongSigner for a tool without a manifest in a namespace that signs: it may have been taken away.

        signed: repositories that are known to have been signed, as those in a lock.
        """
        space = namespace(repository)
        if (
            self.policy.rule(repository).signers is not None
            or self.known.read().get(space)
            or space in map(namespace, signed)
        ):
            raise WrongSigner(
                f"{repository} has no manifest, but {space} signs what it publishes",
                hint="its manifest may have been taken away; ask its owner",
            )

    def _first_use(self, signer: Signer, repository: str) -> None:
        if self.ask is None:
            raise WrongSigner(
                f"{repository} is signed by {signer.fingerprint}, whom you have not met",
                hint=f"if you trust it: toolreg key trust {namespace(repository)} '{lasting(signer)}'",
            )
        if not self.ask(signer, repository):
            raise WrongSigner(
                f"{repository} is signed by {signer.fingerprint}, whom you do not trust",
                hint="nothing was added",
            )
        self.known.remember(namespace(repository), lasting(signer))


def namespace(repository: str) -> str:
    """`Acme` of `Acme/name` in small letters: a Hub takes both for one owner, so that trust must too."""
    return repository.partition("/")[0].lower()


def parse_policy(table: Mapping[str, Any], path: str = "") -> TrustPolicy:
    """`[tool.toolreg.trust]` as values; `path` is the file it stands in.

    Raises ConfigError on an unknown key or a wrong value.
    """
    where = "tool.toolreg.trust"
    if not isinstance(table, Mapping):
        raise _wrong(path, where, "", "is no table", f"write [{where}]")
    spaces = table.get("namespaces", {})
    if not isinstance(spaces, Mapping) or not all(isinstance(v, Mapping) for v in spaces.values()):
        raise _wrong(path, where, "namespaces", "namespaces is no table", f"write [{where}.namespaces.NAME]")
    rules = {name: _rule(rule, f"{where}.namespaces.{name}", path) for name, rule in spaces.items()}
    twice = sorted(name for name in spaces if name != name.lower() and name.lower() in spaces)
    if twice:
        raise _wrong(path, where, "namespaces", f"names {twice[0]} twice", "a Hub takes both for one owner")
    revoked = _signers(_texts(table, "revoked", where, path), "revoked", where, path) or ()
    default = {k: v for k, v in table.items() if k not in ("namespaces", "revoked")}
    return TrustPolicy(_rule(default, where, path), rules, revoked=revoked)


def _rule(table: Mapping[str, Any], where: str, path: str) -> Rule:
    for key in sorted(set(table) - {"signers", "allow", "max-age"}):
        hint = "known keys: signers, allow, max-age; for all namespaces alike: revoked, namespaces"
        raise _wrong(path, where, key, f"has no key '{key}'", hint)
    days = table.get("max-age")
    if days is not None and (not isinstance(days, int) or isinstance(days, bool) or days < 1):
        raise _wrong(path, where, "max-age", "max-age is no number of days", "write e.g. max-age = 365")
    signers, allow = _texts(table, "signers", where, path), _texts(table, "allow", where, path)
    try:
        effects = None if allow is None else tuple(Effect.parse(text) for text in allow)
    except EffectSyntaxError as error:
        raise _wrong(path, where, "allow", f"allow: {error.message}", error.hint) from error
    by = _signers(signers, "signers", where, path)
    return Rule(by, effects, None if days is None else timedelta(days=days))


def _signers(texts: list[str] | None, key: str, where: str, path: str) -> tuple[Signer, ...] | None:
    try:
        return None if texts is None else tuple(parse_signer(text) for text in texts)
    except ConfigError as error:
        raise _wrong(path, where, key, f"{key}: {error.message}", error.hint) from error


def _texts(table: Mapping[str, Any], key: str, where: str, path: str) -> list[str] | None:
    value = table.get(key)
    if value is not None and not (isinstance(value, list) and all(isinstance(v, str) for v in value)):
        raise _wrong(path, where, key, f"{key} is no list of texts", f'write {key} = ["…"]')
    return value


def _wrong(path: str, where: str, key: str, what: str, hint: str) -> ConfigError:
    line = line_of(path, f"{where}.{key}".rstrip("."))
    return ConfigError(f"[{where}] {what}", path=path, line=line, hint=hint)
