"""Targets of effects: hosts, paths and names, and which of them a wider one covers."""

from __future__ import annotations

import re
from functools import lru_cache

DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21}

_HOST = re.compile(
    r"(\*|(\*\.)?[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\]|\{[a-z_]\w*\})(:(\d{1,5}|\*))?", re.I
)
_ESCAPED = re.compile(r"\[([*?\[])\]")


def is_host(target: str) -> bool:
    """True for `host[:port]`, `*.host`, `*` and a host that is one `{param}`."""
    return _HOST.fullmatch(target) is not None


def covers_target(kind: str, mine: str, other: str) -> bool:
    """True if the target `mine` of that kind takes in `other`; "" compares plain names and wildcards."""
    return _COVERS.get(kind, _wildcards_cover)(mine, other)


def split_host(target: str) -> tuple[str, str]:
    """`host[:port]` → (host, port or ""); IPv6 addresses stand in brackets."""
    host, colon, port = target.rpartition(":")
    return (
        (host, port) if colon and not host.endswith(":") and (port.isdigit() or port == "*") else (target, "")
    )


def _net_covers(mine: str, other: str) -> bool:
    (host, port), (other_host, other_port) = split_host(mine), split_host(other)
    # A host without a port means its web ports; that is what "reaches that host" means to a reader.
    ports_fit = port in ("*", other_port) or (not port and other_port in ("", "80", "443"))
    if not ports_fit:
        return False
    if "{" in other_host:
        return host in ("*", other_host)
    if host.startswith("*."):
        return other_host.endswith(host[1:]) and len(other_host) > len(host) - 1
    return host in ("*", other_host)


_GLOB_PART = re.compile(r"\*\*/|\*\*|\*|\?|\[[^\]]+\]|.", re.S)
_GLOB_MEANS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


@lru_cache(maxsize=512)
def _glob(pattern: str) -> re.Pattern[str]:
    """`*` and `?` stay inside a folder, `**` crosses folders, `[*]` is a literal star."""

    def means(part: str) -> str:
        if len(part) > 2 and part.startswith("["):
            return "[" + part[1:-1].replace("\\", "\\\\").replace("[", "\\[") + "]"
        return _GLOB_MEANS.get(part) or re.escape(part)

    return re.compile("".join(map(means, _GLOB_PART.findall(pattern))) + r"\Z", re.S)


def is_glob(target: str) -> bool:
    """True if the path or name holds a wildcard that is not escaped."""
    return any(c in _ESCAPED.sub("", target) for c in "*?[")


def literal(target: str) -> str:
    """The plain path of a target without wildcards: `data[[]1].csv` → `data[1].csv`."""
    return _ESCAPED.sub(lambda m: m[1], target)


def _path_covers(mine: str, other: str) -> bool:
    if "{" in other:  # what an argument will be is not known: only a folder written in front of it counts
        below = not is_glob(mine) and mine != "." and other.startswith(mine.rstrip("/") + "/")
        return below or _wildcards_cover(mine, other)
    if is_glob(mine):
        return bool(_glob(mine).match(other))
    mine, other = literal(mine), literal(other)
    return (
        mine == other
        or (mine == "." and not other.startswith("/"))
        or other.startswith(mine.rstrip("/") + "/")
    )


def _wildcards_cover(mine: str, other: str) -> bool:
    return bool(_glob(mine).match(other)) if is_glob(mine) else mine == other


def _run_covers(mine: str, other: str) -> bool:
    return mine == other or (
        "/" not in mine and other.rsplit("/", 1)[-1] == mine and other.startswith(("/usr/", "/bin/"))
    )


_COVERS = {"net": _net_covers, "read": _path_covers, "write": _path_covers, "run": _run_covers}


def host_of(url: str) -> str | None:
    """`host[:port]` of a URL or of a bare host; the port only where it is not the scheme's own."""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(url if "://" in url else "//" + url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if not host or not _HOST.fullmatch(f"[{host}]" if ":" in host else host):
        return None
    host = f"[{host}]" if ":" in host else host.lower()
    return host if port is None or DEFAULT_PORTS.get(parts.scheme) == port else f"{host}:{port}"
