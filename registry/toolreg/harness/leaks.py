"""Which made-up secret came out through which channel, and whether anything was declared to carry it there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from toolreg.effects import Effect
from toolreg.harness.canaries import Canary, Kind, found, stands_in
from toolreg.sandbox import Observation, Raised, Returned

# Files that hold secrets by their name: what they say may go nowhere but to a declared host.
_SECRET_FILE = re.compile(
    r"(^|/)(\.netrc|\.pgpass|\.env[\w.-]*|\.npmrc|\.pypirc|id_[a-z0-9]+|\.git-credentials|[^/]*(credential|secret|token|password|apikey|api_key)[^/]*"
    r"|[^/]*\.(pem|key|p12|pfx|kdbx))$|(^|/)\.(ssh|aws|gnupg|azure|kube|docker)/",
    re.I,
)
_MOST_STRINGS = 20_000


@dataclass(frozen=True, slots=True)
class Channel:
    """One way out. name: as a report says it. pieces: what went through, in order. host: for a request."""

    name: str
    pieces: tuple[bytes, ...]
    carries: frozenset[Kind] = frozenset()


def kind_of_file(path: str) -> Kind:
    return "secret file" if _SECRET_FILE.search(path) else "file"


def leaks(canaries: Sequence[Canary], channels: Sequence[Channel]) -> Iterator[str]:
    """One line for every canary and channel where it came out and should not have."""
    for canary in canaries:
        for channel in channels:
            if canary.kind in channel.carries:
                continue
            coat = found(canary.value, channel.pieces)
            if coat:
                shown = "" if coat == "plain" else f" ({coat})"
                yield f"gives away {canary.what}{shown} through {channel.name}"


def strangers(canaries: Sequence[Canary], asked: Mapping[str, Sequence[bytes]]) -> Iterator[str]:
    """One line for every variable whose value went to two owners' hosts, or to one that its name does not speak of."""
    for canary in canaries if len(asked) else ():
        if canary.kind != "env":
            continue
        hosts = {_site(h): h for h, sent in asked.items() if stands_in(canary.value, sent)}
        if len(hosts) > 1:
            yield f"gives away {canary.what} to hosts of different owners: {', '.join(sorted(hosts.values()))}"
        words = _OWNERS.get(canary.what.rpartition(" ")[2].partition("_")[0], ())
        for host in hosts.values() if words else ():
            if not any(word in host for word in words):
                yield f"gives away {canary.what} to {host}, which is no host of {words[0]}"


_OWNERS: Mapping[str, tuple[str, ...]] = {
    "GITHUB": ("github", "ghe."), "GITLAB": ("gitlab",), "AWS": ("aws", "amazon"), "SLACK": ("slack",), "STRIPE": ("stripe",),
    "ANTHROPIC": ("anthropic", "claude"), "HF": ("huggingface", "hf."), "HUGGINGFACE": ("huggingface", "hf."), "NOTION": ("notion",),
    "GOOGLE": ("google", "goo.gl", "youtube"), "AZURE": ("azure", "microsoft", "windows"), "SENDGRID": ("sendgrid",),
    "TWILIO": ("twilio",), "NPM": ("npm",), "PYPI": ("pypi",),
}  # fmt: skip
_SECOND = frozenset(("co", "com", "org", "net", "ac", "gov", "edu"))


def _site(host: str) -> str:
    """The part of a host's name that one owner has: `api.example.co.uk:443` → `example.co.uk`."""
    name = host.partition(":")[0] if not host.startswith("[") else host
    labels = name.lower().split(".")
    if len(labels) < 3 or labels[-1].isdigit():
        return name.lower()
    return ".".join(labels[-3 if len(labels[-1]) == 2 and labels[-2] in _SECOND else -2 :])


def channels(
    seen: Observation,
    asked: Mapping[str, Sequence[bytes]],
    granted: Sequence[Effect],
    told: Sequence[tuple[str, str]] = (),
) -> list[Channel]:
    """Every way out of one observed call. asked: host → what was sent to it. told: events of Python, and what went with them."""
    data: frozenset[Kind] = frozenset({"file", "argument"})
    effects = [o.effect for o in seen.effects]
    programs = [text.encode("utf-8", "replace") for event, text in told if not event.startswith("socket.")]
    hosts = [e.target.encode() for e in effects if e.kind == "net"]
    hosts += [text.encode("utf-8", "replace") for event, text in told if event.startswith("socket.")]
    paths = [e.target.encode() for e in effects if e.kind in ("read", "write")]
    names = [change.path.encode("utf-8", "replace") for change in seen.changes]
    found_ways = [
        Channel("its output", tuple(_said(seen)), data),
        Channel("the host names that it asked for", tuple(hosts)),
        Channel("the names of files", (*paths, *names), data),
        Channel("the arguments of a program", tuple(programs), data),
        *(Channel(f"the file {change.path}", (change.data,), data) for change in seen.changes if change.data),
        *(
            Channel(f"requests to {host}", tuple(sent), _may_carry(host, granted))
            for host, sent in asked.items()
        ),
    ]
    return [each for each in found_ways if any(each.pieces)]


def _may_carry(host: str, granted: Sequence[Effect]) -> frozenset[Kind]:
    """Keys and arguments are for the declared hosts; what a file says only where the tool says that it writes."""
    writes = any(
        e.kind == "net" and e.qualifier and e.covers(Effect("net", host, e.qualifier)) for e in granted
    )
    return frozenset(
        {"env", "argument", "secret file", "file"} if writes else {"env", "argument", "secret file"}
    )


def _said(seen: Observation) -> Iterator[bytes]:
    match seen.outcome:
        case Returned(value, examples=runs):
            yield from _strings(value)
            for run in runs:
                for text in (run.output, run.message):
                    yield text.encode("utf-8", "replace")
        case Raised(kind, message, _):
            yield f"{kind}: {message}".encode("utf-8", "replace")
    for text in (seen.stdout, seen.stderr):
        yield text.encode("utf-8", "replace")


def _strings(value: Any) -> Iterator[bytes]:
    """The texts of a result in order, and all of it as JSON."""
    waiting, left = [value], _MOST_STRINGS
    while waiting and left:
        each, left = waiting.pop(), left - 1
        if isinstance(each, str):
            yield each.encode("utf-8", "replace")
        elif isinstance(each, dict):
            waiting += [part for pair in reversed(each.items()) for part in reversed(pair)]
        elif isinstance(each, list):
            waiting += reversed(each)
    if not isinstance(value, str):
        yield json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
