"""Static judgement of tools: rules over what a file says and does, without importing it.

    lint(paths, config) -> LintResult        files and folders, with cache, ruff and baseline
    lint_module(module, rules) -> findings   one file that is already read

Names are imported when they are first asked for: an unchanged project is answered from the cache, and
that way must not wait for `ast`, `re` or `dataclasses`.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    from toolreg.lint.api import Edit, Fix, Rule, Severity, rule
    from toolreg.lint.finding import Finding
    from toolreg.lint.judge import lint_module
    from toolreg.lint.packs import load_rules
    from toolreg.lint.runner import LintResult, lint
    from toolreg.lint.settings import LintConfig

__all__ = [
    "Edit",
    "Finding",
    "Fix",
    "LintConfig",
    "LintResult",
    "Rule",
    "Severity",
    "api",
    "lint",
    "lint_module",
    "load_rules",
    "rule",
]

_HOMES = {
    "Edit": "api",
    "Finding": "finding",
    "Fix": "api",
    "LintConfig": "settings",
    "LintResult": "runner",
    "Rule": "api",
    "Severity": "api",
    "lint": "runner",
    "lint_module": "judge",
    "load_rules": "packs",
    "rule": "api",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'toolreg.lint' has no attribute '{name}'")
    import importlib

    return getattr(importlib.import_module(f"toolreg.lint.{_HOMES[name]}"), name)


if not TYPE_CHECKING:
    ModuleType = type(sys)


class _Callable(ModuleType):
    """`from toolreg import lint` gives this package or the function, whichever was first: both can be called."""

    def __call__(self, paths: Sequence[str], config: LintConfig | None = None) -> LintResult:
        from toolreg.lint import runner

        return runner.lint(paths, config)


sys.modules[__name__].__class__ = _Callable
