"""The errors of toolreg: no judgement was reached, or the judgement is a refusal.

    ToolregError                    exit code
    ├── UsageError                  2   the command line asks for something that does not exist
    ├── ConfigError                 2   [tool.toolreg] in pyproject.toml, or a policy file
    ├── SourceError                 3   unreadable, unparsable, no tool in it
    ├── RulePackError               3   will not load, a code taken twice, a rule crashed
    ├── SandboxError                3
    │   ├── SandboxUnavailable          this machine cannot isolate a call
    │   └── HarnessError                the sandbox or the harness itself broke
    ├── BundleError                 1   cannot be made self-contained
    ├── HubError                    3
    │   ├── NotFound, Forbidden, PaymentRequired, Conflict, RateLimited, Offline
    ├── SigningError                3
    └── VerificationError           1
        ├── BadSignature, WrongSigner, DigestMismatch, NotAllowed, Expired

A tool that misbehaves is no error but an Observation. Exit codes of every command:
0 good · 1 refused · 2 usage · 3 not judged (beats 1) · 130 interrupted.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

GOOD, REFUSED, USAGE, NOT_JUDGED, INTERRUPTED = 0, 1, 2, 3, 130


class ToolregError(Exception):
    """One line that says what happened, and a hint that says what to do next.

    `path` and `line` (1-based) point at the author's file where there is one.
    """

    exit_code = NOT_JUDGED

    def __init__(self, message: str, *, hint: str = "", path: str = "", line: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.path = path
        self.line = line

    def __str__(self) -> str:
        place = (
            f"{self.path}:{self.line}: " if self.path and self.line else f"{self.path}: " if self.path else ""
        )
        return place + self.message


class UsageError(ToolregError):
    exit_code = USAGE


class ConfigError(ToolregError):
    exit_code = USAGE


class SourceError(ToolregError):
    """A file that cannot be read as a tool."""


class RulePackError(ToolregError):
    """A rule pack that cannot be trusted to have judged anything."""


class SandboxError(ToolregError):
    """The sandbox gave no observation."""


class SandboxUnavailable(SandboxError):
    """This machine lacks what isolation needs; nothing was run."""


class HarnessError(SandboxError):
    """The sandbox or the harness broke; the tool was not judged."""


class BundleError(ToolregError):
    """The tool cannot be made self-contained; `reasons` holds every (line, reason)."""

    exit_code = REFUSED

    def __init__(
        self,
        message: str,
        *,
        reasons: Iterable[tuple[int, str]] = (),
        hint: str = "",
        path: str = "",
        line: int = 0,
    ) -> None:
        super().__init__(message, hint=hint, path=path, line=line)
        self.reasons = tuple(reasons)


class HubError(ToolregError):
    """The Hub did not do what was asked."""


class NotFound(HubError):
    pass


class Forbidden(HubError):
    pass


class PaymentRequired(HubError):
    pass


class Conflict(HubError):
    pass


class RateLimited(HubError):
    pass


class Offline(HubError):
    pass


class SigningError(ToolregError):
    """No signature could be made."""


class VerificationError(ToolregError):
    """What was received is not what was approved."""

    exit_code = REFUSED


class BadSignature(VerificationError):
    pass


class WrongSigner(VerificationError):
    pass


class DigestMismatch(VerificationError):
    pass


class NotAllowed(VerificationError):
    pass


class Expired(VerificationError):
    pass


def worst(codes: Iterable[int]) -> int:
    """The exit code of many: not judged beats refused, refused beats good."""
    order = (GOOD, REFUSED, USAGE, NOT_JUDGED, INTERRUPTED)
    return max(codes, key=order.index, default=GOOD)
