"""An approved report becomes what is published: the bundle's files, a manifest over them, a signature."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from importlib.metadata import version as installed
from typing import Literal

from toolreg import __version__
from toolreg.bundle import Bundle, card
from toolreg.bundle.gradio import as_gradio
from toolreg.contract import ToolSpec, parse_module, spec_of
from toolreg.errors import BadSignature, ToolregError, VerificationError
from toolreg.lint.waiver import read_waiver
from toolreg.manifest import (
    MANIFEST,
    SIGNATURE,
    Anyone,
    Key,
    Keyless,
    Manifest,
    Verified,
    build_manifest,
    definition,
    examine,
    model,
    same_but_for_time,
    sign,
    to_bytes,
)
from toolreg.provenance import licence_of
from toolreg.verdict import Report, Status, Verdict

FIRST_VERSION = "1.0.0"
LEVELS: tuple[Literal["error", "warning", "info"], ...] = ("error", "warning", "info")


class NotApproved(ToolregError):
    """Only approved tools are released."""

    exit_code = 1


def release(
    report: Report,
    verdict: Verdict,
    *,
    repository: str,
    version: str,
    key: Key | Keyless | None,
    source: model.Source,
    now: datetime | None = None,
    lifetime: timedelta | None = None,
    sdk: str = "static",
) -> Mapping[str, bytes]:
    """Every file to publish, the signed manifest among them. Raises NotApproved, SigningError.

    key: None leaves the signature out, for a look at what would be published. lifetime: after it, readers
    refuse the tool. sdk: `gradio` adds smolagents' demo; raises BundleError where it cannot show the tool.
    """
    if verdict.status is not Status.APPROVED or report.bundle is None or report.proof is None:
        raise NotApproved(
            f"{report.tool.name} is {verdict.status}; only approved tools are published", hint="toolreg check"
        )
    spec = published_spec(report.bundle)
    files = card(
        report.bundle,
        spec,
        report.declared or (),
        verdict=str(verdict.status),
        version=version,
        licence=licence_of(report.tool.path, report.tool.module.text),
        repository=repository,
    ).files
    if sdk == "gradio":
        files = as_gradio(files, spec, report.bundle.entry)
    made = build_manifest(
        repository=repository,
        version=version,
        entry=report.bundle.entry,
        files=files,
        definition=_definition(report),
        effects=_effects(report),
        checks=_checks(report, verdict),
        harness=_harness(report),
        versions=model.Versions(
            toolreg=__version__, smolagents=installed("smolagents"), python=platform.python_version()
        ),
        requirements=[
            model.Requirement(name=r.name, specifier=f"=={r.version}" if r.version else "", imports=r.imports)
            for r in report.bundle.requirements
        ],
        published_at=now or datetime.now(UTC).replace(microsecond=0),
        source=source,
        lifetime=lifetime,
    )
    unsigned = {**files, MANIFEST: to_bytes(made)}
    return unsigned if key is None else signed(unsigned, key)


def signed(files: Mapping[str, bytes], by: Key | Keyless) -> dict[str, bytes]:
    """The same files with the signature of their manifest. Raises SigningError."""
    return {**files, SIGNATURE: sign(files[MANIFEST], by)}


def published_spec(bundle: Bundle) -> ToolSpec:
    """What a model will be told, read from the published bytes."""
    return spec_of(parse_module("tool.py", bundle.code).tool(bundle.entry))


def _definition(report: Report) -> model.Definition:
    """The definition as the real smolagents gave it when the bundle was proved, its inputs in the author's order."""
    assert report.proof is not None
    assert report.bundle is not None
    told = report.proof.definition
    order = [*published_spec(report.bundle).inputs, *told["inputs"]]
    inputs = {name: told["inputs"][name] for name in dict.fromkeys(order) if name in told["inputs"]}
    return definition(told["name"], told["description"], inputs, told["output_type"], told["output_schema"])


def published_before(files: Mapping[str, bytes]) -> Verified | None:
    """The publication that a repository holds, if it holds; None for anything else."""
    if MANIFEST not in files:
        return None
    try:
        return examine(files, Anyone())
    except VerificationError:
        return None


def unchanged(before: Verified | None, files: Mapping[str, bytes], by: Key | Keyless) -> bool:
    """True if publishing `files` would tell a reader nothing new: same bytes, same promises, same signer."""
    if before is None or not by.signs_as(before.signer):
        return False
    own = {MANIFEST, SIGNATURE}
    if {n: d for n, d in before.files.items() if n not in own} != {
        n: d for n, d in files.items() if n not in own
    }:
        return False
    return same_but_for_time(before.manifest, parsed(files))


def parsed(files: Mapping[str, bytes]) -> Manifest:
    """The manifest among some files. Raises BadSignature where there is none."""
    from toolreg.manifest import parse_manifest

    if MANIFEST not in files:
        raise BadSignature(f"there is no {MANIFEST}", hint="publish it with toolreg")
    return parse_manifest(files[MANIFEST])


def _effects(report: Report) -> model.EffectsSection:
    inferred: dict[str, list[model.Evidence]] = {}
    for e in report.inference.evidence:
        inferred.setdefault(str(e.effect), []).append(
            model.Evidence(path=_name(e.path), line=e.line, via=e.via)
        )
    seen = Counter(
        {
            (str(o.effect), o.verdict): o.count
            for result in (report.trial.results if report.trial else ())
            if result.observation and not result.generated
            for o in result.observation.effects
        }
    )
    return model.EffectsSection(
        declared=tuple(str(e) for e in report.declared or ()),
        inferred=tuple(
            model.Inferred(effect=e, evidence=tuple(found)) for e, found in sorted(inferred.items())
        ),
        observed=tuple(model.Observed(effect=e, count=n, verdict=v) for (e, v), n in sorted(seen.items())),
        unresolved=tuple(
            model.Unresolved(
                path=_name(u.path),
                line=u.line,
                reason=u.reason,
                kind=u.kind or "",
                reason_accepted=waiver.reason,
                accepted_by=waiver.author,
                accepted_until=waiver.until,
            )
            for u in report.inference.unresolved
            for waiver in [read_waiver(report.waiver(u) or "declared")]
        ),
    )


def _checks(report: Report, verdict: Verdict) -> model.Checks:
    open_findings = [f.severity for f in report.findings if f.suppressed is None]
    return model.Checks(
        verdict=verdict.status.value,
        rule_packs=(model.RulePack(name="builtin", version=__version__, rules=report.rules),),
        findings={level: open_findings.count(level) for level in LEVELS if level in open_findings},
        suppressions=tuple(
            model.Suppression(
                code=f.code,
                path=_name(f.path),
                line=f.line,
                reason=waiver.reason,
                author=waiver.author,
                until=waiver.until,
            )
            for f in report.findings
            if f.suppressed
            for waiver in [read_waiver(f.suppressed)]
        ),
    )


def _harness(report: Report) -> model.Harness:
    trial = report.trial
    assert trial is not None
    assert trial.isolation is not None
    cases = model.Cases(passed=sum(not r.failures and not r.problems for r in trial.results))
    isolation = model.Isolation(
        tier=trial.isolation.tier, layers={k: str(v) for k, v in trial.isolation.layers.items()}
    )
    canaries = model.Canaries(planted=sum(r.planted for r in trial.results))
    return model.Harness(cases=cases, isolation=isolation, canaries=canaries)


def _name(path: str) -> str:
    """A file's name without the author's folders, which are nobody's business."""
    return path.rsplit("/", 1)[-1]
