"""Rule packs: installed packages that name themselves in the entry-point group `toolreg.rules`.

The built-in pack `builtin` is found the same way as anybody else's. A pack is a package; every `Rule`
that is a global of one of its modules belongs to it.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import ModuleType

from toolreg.errors import ConfigError, RulePackError
from toolreg.lint.api import Rule

GROUP = "toolreg.rules"
BUILTIN = "builtin"


def load_rules(packs: Sequence[str] = ()) -> tuple[Rule, ...]:
    """The rules of the built-in pack and of `packs`, sorted by code. Raises RulePackError, ConfigError."""
    found = installed_packs()
    rules: dict[str, Rule] = {}
    for name in dict.fromkeys((BUILTIN, *packs)):
        if name not in found:
            raise ConfigError(
                f"no rule pack '{name}' is installed", hint=f"installed: {', '.join(sorted(found)) or 'none'}"
            )
        for rule in _rules_of(name, found[name]):
            other = rules.setdefault(rule.code, rule)
            if other is not rule:
                raise RulePackError(
                    f"rule code {rule.code} is taken twice, by '{other.pack}' and '{name}'",
                    hint="remove one of the packs",
                )
    if not rules:
        raise RulePackError("no rules were loaded", hint="reinstall smolagents-toolreg")
    return tuple(rules[code] for code in sorted(rules))


def installed_packs() -> dict[str, str]:
    """Pack name -> import name, of every distribution on sys.path.

    Read by hand: `importlib.metadata` takes longer to import than all rules take to load.
    """
    packs: dict[str, str] = {}
    for folder in sys.path:
        for name, target in _entry_points(folder or "."):
            packs.setdefault(name, target)
    return packs


def _entry_points(folder: str) -> Iterator[tuple[str, str]]:
    try:
        names = [e for e in os.listdir(folder) if e.endswith((".dist-info", ".egg-info"))]
    except OSError:
        return
    for name in sorted(names):
        try:
            with open(os.path.join(folder, name, "entry_points.txt"), encoding="utf-8") as file:
                text = file.read()
        except OSError:
            continue
        yield from _group(text)


def _group(text: str) -> Iterator[tuple[str, str]]:
    inside = False
    for raw in text.splitlines():
        line = raw.strip()
        if line.startswith("["):
            inside = line == f"[{GROUP}]"
        elif inside and "=" in line and not line.startswith("#"):
            name, _, target = line.partition("=")
            yield name.strip(), target.partition("[")[0].strip()


def _rules_of(pack: str, target: str) -> list[Rule]:
    rules: dict[str, Rule] = {}
    for module in _modules(pack, target):
        for value in vars(module).values():
            if isinstance(value, Rule):
                other = rules.setdefault(value.code, value)
                if other.judge is not value.judge:
                    raise RulePackError(
                        f"rule code {value.code} stands twice in pack '{pack}'",
                        hint="give each rule its own code",
                    )
    if not rules:
        raise RulePackError(
            f"rule pack '{pack}' holds no rules",
            hint=f"reinstall it, or remove '{pack}' from [tool.toolreg.lint] packs",
        )
    return [_owned(rule, pack) for rule in rules.values()]


def _owned(rule: Rule, pack: str) -> Rule:
    return replace(rule, pack=pack)


def _modules(pack: str, target: str) -> Iterator[ModuleType]:
    try:
        package = importlib.import_module(target.partition(":")[0])
        yield package
        for info in pkgutil.iter_modules(getattr(package, "__path__", ()), package.__name__ + "."):
            yield importlib.import_module(info.name)
    except RulePackError:
        raise
    except (Exception, SystemExit) as error:  # a third party's code runs here, and may raise anything
        hint = f"mend or reinstall it, or remove '{pack}' from [tool.toolreg.lint] packs"
        why = str(error) if isinstance(error, ImportError) else f"{type(error).__name__}: {error}"
        raise RulePackError(f"cannot load rule pack '{pack}': {why}", hint=hint) from error
