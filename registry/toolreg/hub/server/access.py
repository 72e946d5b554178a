"""Who may do what: users with tokens, or everybody where no user was ever added."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from toolreg.errors import ConfigError, UsageError
from toolreg.hub.server.files import locked, write_atomic

LOCAL = "local"
_USER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,37}[A-Za-z0-9])?")


class BadToken(Exception):
    """A token was sent, and nobody owns it."""


@dataclass(frozen=True, slots=True)
class Who:
    """The one who asks. `admin` may write everywhere; `known` is False for the anonymous."""

    name: str
    known: bool
    role: str = "read"
    admin: bool = False
    namespaces: tuple[str, ...] = ()

    def may_write(self, namespace: str) -> bool:
        return self.admin or (self.role == "write" and namespace in self.namespaces)

    def may_read(self, namespace: str) -> bool:
        return self.admin or (self.known and namespace in self.namespaces)


ANONYMOUS = Who("", known=False)
EVERYBODY = Who(LOCAL, known=True, role="write", admin=True, namespaces=(LOCAL,))


@dataclass(frozen=True, slots=True)
class Access:
    """The users of a Hub, kept as hashes of their tokens in `<root>/users.json` (owner-only).

    token: one more token that may do everything; the in-process Hub is closed with one to every
    other account of the machine.
    """

    root: Path
    token: str = ""

    @property
    def _file(self) -> Path:
        return self.root / "users.json"

    def users(self) -> dict[str, dict[str, object]]:
        """Users by token digest: {"name", "role", "organizations"}."""
        try:
            value = json.loads(self._file.read_bytes())
        except FileNotFoundError:
            return {}
        if not isinstance(value, dict):
            raise ConfigError(
                "the users of the Hub cannot be read", path=str(self._file), hint="restore the file"
            )
        return value

    def who(self, authorization: str | None) -> Who:
        """The owner of an `Authorization` header, Bearer or (from git) Basic. Raises BadToken."""
        token = _token(authorization or "")
        users = self.users()
        if self.token and hmac.compare_digest(token.encode(), self.token.encode()):
            return EVERYBODY
        # Only a Hub that never had users is open: taking the last one away closes it.
        if not users and not self.token and not self._file.exists():
            return EVERYBODY
        if not token:
            return ANONYMOUS
        user = users.get(_digest(token))
        if user is None:
            raise BadToken
        organizations = user.get("organizations")
        names = (str(user["name"]), *(organizations if isinstance(organizations, list) else ()))
        return Who(str(user["name"]), True, str(user.get("role", "write")), namespaces=names)

    def add(self, name: str, *, role: str = "write", organizations: tuple[str, ...] = ()) -> str:
        """Make a token for a user, new or not, and return it; it is shown this once only."""
        for each in (name, *organizations):
            if not _USER.fullmatch(each):
                raise UsageError(
                    f"'{each}' is no user name", hint="letters, digits and single dashes, at most 39"
                )
        if role not in ("read", "write"):
            raise UsageError(f"unknown role '{role}'", hint="roles: read, write")
        token = "hf_" + secrets.token_urlsafe(24).replace("-", "x").replace("_", "y")
        entry: dict[str, object] = {"name": name, "role": role, "organizations": list(organizations)}
        with locked(self.root / ".locks" / "users"):
            self._write({**self.users(), _digest(token): entry})
        return token

    def remove(self, name: str) -> int:
        """Withdraw every token of a user; how many there were."""
        with locked(self.root / ".locks" / "users"):
            users = self.users()
            left = {digest: user for digest, user in users.items() if user.get("name") != name}
            self._write(left)
        return len(users) - len(left)

    def _write(self, users: dict[str, dict[str, object]]) -> None:
        write_atomic(self._file, json.dumps(users, indent=1, sort_keys=True).encode(), mode=0o600)


def _token(authorization: str) -> str:
    kind, _, value = authorization.strip().partition(" ")
    if kind.lower() != "basic":
        return value.strip() or kind
    try:
        return base64.b64decode(value).decode("utf-8", "replace").partition(":")[2]
    except binascii.Error:
        return "unreadable"


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
