"""What lint is asked to do: options of the command line over [tool.toolreg.lint] over defaults."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

RUFF_MODES = ("builtin", "project", "off")


class LintConfig:
    """select/ignore hold codes or their beginnings (`TRG5`); `ALL` is every rule.

    per_file: glob -> codes ignored there. severity: code -> level. packs: names of rule packs besides
    the built-in one. cache: folder for the cache, "" for none. fail_on: the least level that refuses.
    catalogues: paths of effect catalogues beside the built-in one. rests_on: files that the settings come from.
    """

    __slots__ = (
        "allow_no_tools", "baseline", "cache", "catalogues", "exclude", "extend_select", "fail_on", "ignore", "jobs", "packs", "per_file", "rests_on", "root", "ruff", "select", "severity",
    )  # fmt: skip

    def __init__(
        self,
        *,
        select: Sequence[str] = ("ALL",),
        extend_select: Sequence[str] = (),
        ignore: Sequence[str] = (),
        per_file: Mapping[str, Sequence[str]] | None = None,
        severity: Mapping[str, str] | None = None,
        packs: Sequence[str] = (),
        exclude: Sequence[str] = (),
        baseline: str = "",
        ruff: str = "builtin",
        fail_on: str = "warning",
        allow_no_tools: bool = False,
        cache: str = "",
        catalogues: Sequence[str] = (),
        jobs: int = 0,
        root: str = "",
        rests_on: Sequence[str] = (),
    ) -> None:
        self.select, self.extend_select, self.ignore = tuple(select), tuple(extend_select), tuple(ignore)
        self.per_file = {glob: tuple(codes) for glob, codes in (per_file or {}).items()}
        self.severity, self.packs, self.exclude = dict(severity or {}), tuple(packs), tuple(exclude)
        self.baseline, self.ruff, self.fail_on, self.allow_no_tools = baseline, ruff, fail_on, allow_no_tools
        self.catalogues = tuple(catalogues)
        self.cache, self.jobs, self.root, self.rests_on = cache, jobs, root, tuple(rests_on)

    def but(self, **changes: object) -> LintConfig:
        """A copy with some settings changed."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return LintConfig(**{**values, **changes})

    def __repr__(self) -> str:
        return "LintConfig(" + ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__slots__) + ")"
