"""The safety manifest `toolreg.json`: what was published, what it may do, and how that is known.

An in-toto Statement v1 (https://in-toto.io/Statement/v1) whose subject is every published file and
whose predicate is our own. Everything is frozen; JSON names are camelCase, as in-toto's are.
Readers ignore fields they do not know (in-toto's monotonic rule) and refuse a major they do not know.
"""

from __future__ import annotations

import keyword
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from toolreg import effects as fx
from toolreg.manifest.digests import definition_digest
from toolreg.manifest.names import problem_of_names

STATEMENT_TYPE: Literal["https://in-toto.io/Statement/v1"] = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE: Literal["urn:toolreg:attestation:tool-safety:v1"] = "urn:toolreg:attestation:tool-safety:v1"
SCHEMA_VERSION = "1.0"
TYPES = ("string", "boolean", "integer", "number", "image", "audio", "array", "object", "any", "null")


def _parses(text: str) -> str:
    try:
        return str(fx.Effect.parse(text))
    except fx.EffectSyntaxError as error:
        raise ValueError(error.message) from error


def _known_major(text: str) -> str:
    if text.split(".")[0] != SCHEMA_VERSION.split(".")[0]:
        raise ValueError(f"schema version {text} is not known to this toolreg; it reads {SCHEMA_VERSION}")
    return text


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a time needs its zone")
    return value


Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Digest = Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]
EffectText = Annotated[
    str, AfterValidator(_parses), Field(description="an effect, `kind:target (qualifier)`")
]
Time = Annotated[datetime, AfterValidator(_aware)]
RepoId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*$", max_length=200)]
Version = Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$", description="semantic version MAJOR.MINOR.PATCH")]
Count = Annotated[int, Field(ge=0)]
Line = Annotated[int, Field(ge=0, description="1-based; 0 where no line is known")]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel, populate_by_name=True)


class DigestSet(Part):
    sha256: Sha256


class Subject(Part):
    """One published file."""

    name: str
    digest: DigestSet


class Definition(Part):
    """What a model is told of the tool. `digest` (RFC 8785, SHA-256) is the pin against a rug pull.

    inputs and output_type are smolagents' own; input_schema says the same in JSON Schema 2020-12.
    """

    name: Annotated[str, Field(pattern=r"^[A-Za-z_]\w*$")]
    description: str
    inputs: dict[str, dict[str, Any]]
    output_type: str
    input_schema: dict[str, Any] = Field(default_factory=dict)
    output_schema: dict[str, Any] | None = None
    digest: Digest

    @model_validator(mode="after")
    def _is_callable(self) -> Definition:
        """What smolagents would refuse when it is loaded is refused here, before anybody relies on it."""
        if keyword.iskeyword(self.name) or self.output_type not in TYPES:
            raise ValueError("smolagents takes no such name or output type")
        for name, schema in self.inputs.items():
            kinds = schema.get("type")
            named = kinds if isinstance(kinds, list) and kinds else [kinds]
            if not name.isidentifier() or keyword.iskeyword(name) or any(kind not in TYPES for kind in named):
                raise ValueError(f"smolagents takes no such input: {name}")
            if not isinstance(schema.get("description"), str):
                raise ValueError(f"input {name} has no description")
        return self

    @model_validator(mode="after")
    def _digest_is_true(self) -> Definition:
        if self.digest != definition_digest(self.name, self.description, self.inputs, self.output_type):
            raise ValueError("the definition's digest is not the digest of the definition")
        return self


class ToolIdentity(Part):
    """Which tool this is: its repository, its version, and where its code begins."""

    repository: RepoId
    version: Version
    file: str = "tool.py"
    entry: str = Field(description="the Tool subclass in `file`")


class Evidence(Part):
    """Where an effect was read in the code, and the calls that lead to it."""

    path: str
    line: Line
    via: tuple[str, ...] = ()


class Inferred(Part):
    effect: str
    evidence: tuple[Evidence, ...]


class Observed(Part):
    effect: str
    count: Count
    verdict: Literal["done", "denied", "attempt"] = "done"


class Unresolved(Part):
    """What the static reading could not decide; `reason_accepted` is the author's published waiver.

    accepted_by: who accepts it, "" if nobody is named. accepted_until: the last day on which that holds.
    """

    path: str
    line: Line
    reason: str
    kind: str = ""
    reason_accepted: str = ""
    accepted_by: str = ""
    accepted_until: date | None = None


class EffectsSection(Part):
    """declared ⊇ inferred ∪ observed."""

    declared: tuple[EffectText, ...]
    inferred: tuple[Inferred, ...] = ()
    observed: tuple[Observed, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()

    def granted(self) -> tuple[fx.Effect, ...]:
        """The declared effects as values: what a call may be granted."""
        return tuple(fx.Effect.parse(text) for text in self.declared)


class Hints(Part):
    """MCP tool annotations, computed from the effects."""

    read_only_hint: bool
    destructive_hint: bool
    idempotent_hint: bool
    open_world_hint: bool


class Requirement(Part):
    """A distribution the tool needs, as `requirements.txt` pins it."""

    name: str
    specifier: str = ""
    imports: tuple[str, ...] = ()
    hashes: tuple[Digest, ...] = ()


class RulePack(Part):
    name: str
    version: str
    rules: Count


class Suppression(Part):
    """A finding the author waived, with the reason given, by whom, and the last day on which that holds."""

    code: str
    path: str
    line: Line
    reason: str
    author: str = ""
    until: date | None = None


class Checks(Part):
    """The static judgement."""

    verdict: Literal["APPROVED", "BLOCKED", "INCOMPLETE"]
    rule_packs: tuple[RulePack, ...]
    findings: dict[Literal["error", "warning", "info"], Count] = Field(default_factory=dict)
    suppressions: tuple[Suppression, ...] = ()


class Cases(Part):
    passed: Count
    failed: Count = 0
    skipped: Count = 0


class Isolation(Part):
    """What held the tool while it was tried: a tier and the level of each layer."""

    tier: str
    layers: dict[str, str] = Field(default_factory=dict)


class Canaries(Part):
    """Secrets planted where the tool had no business, and how many it let out."""

    planted: Count = 0
    leaked: Count = 0


class Harness(Part):
    """The trial of the published bytes."""

    cases: Cases
    isolation: Isolation
    canaries: Canaries = Canaries()


class Source(Part):
    """The author's working copy the tool was made from; empty where it stood in no repository."""

    path: str = ""
    commit: Annotated[str, Field(pattern=r"^([0-9a-f]{40}|[0-9a-f]{64})?$")] = ""
    dirty: bool = False


class Versions(Part):
    toolreg: str
    smolagents: str
    python: str


class ToolSafety(Part):
    """The predicate: everything toolreg knows and vouches for."""

    schema_version: Annotated[
        str, AfterValidator(_known_major), Field(json_schema_extra={"pattern": r"^1\.\d+$"})
    ] = SCHEMA_VERSION
    tool: ToolIdentity
    definition: Definition
    effects: EffectsSection
    hints: Hints
    requirements: tuple[Requirement, ...] = ()
    checks: Checks
    harness: Harness
    source: Source = Source()
    versions: Versions
    origin: Literal["published", "locally checked"] = "published"
    published_at: Time
    expires_at: Time | None = None


class Manifest(Part):
    """`toolreg.json`: an in-toto Statement v1 over every published file."""

    type: Literal["https://in-toto.io/Statement/v1"] = Field(STATEMENT_TYPE, alias="_type")
    subject: Annotated[tuple[Subject, ...], Field(min_length=1)]
    predicate_type: Literal["urn:toolreg:attestation:tool-safety:v1"] = PREDICATE_TYPE
    predicate: ToolSafety

    @model_validator(mode="after")
    def _names_are_files(self) -> Manifest:
        problem = problem_of_names([s.name for s in self.subject])
        if problem:
            raise ValueError(problem)
        if self.predicate.tool.file not in self.digests:
            raise ValueError(f"the tool's file '{self.predicate.tool.file}' is not among the published files")
        return self

    @property
    def digests(self) -> dict[str, str]:
        """File name → SHA-256 in hex."""
        return {s.name: s.digest.sha256 for s in self.subject}
