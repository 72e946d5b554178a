"""Which rules a tool gives anything to do: most are never called, because what they look for is not there."""

from __future__ import annotations

from collections.abc import Sequence

from toolreg.contract.once import once
from toolreg.contract.source import ToolSource
from toolreg.lint.api import Need, Rule
from toolreg.lint.walk import names_called


class Plan:
    """Rules by what they need. Each is a bit, so that a tool's rules are chosen by a look-up for each thing it has."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.of_modules = [rule for rule in rules if rule.scope == "module"]
        self.of_tools = [rule for rule in rules if rule.scope == "tool"]
        self._always = 0
        self._by_need: dict[Need, int] = {}
        self._chosen: dict[int, list[Rule]] = {}
        for bit, rule in enumerate(self.of_tools):
            for need in rule.needs:
                self._by_need[need] = self._by_need.get(need, 0) | 1 << bit
            if not rule.needs:
                self._always |= 1 << bit

    def rules_for(self, tool: ToolSource) -> list[Rule]:
        """The rules that may find something in a tool, in their order."""
        chosen = self._always
        for need in self._by_need.keys() & has(tool) if self._by_need else ():
            chosen |= self._by_need[need]
        found = self._chosen.get(chosen)
        if found is None:
            found = self._chosen[chosen] = [r for bit, r in enumerate(self.of_tools) if chosen >> bit & 1]
        return found


@once
def has(tool: ToolSource) -> set[Need]:
    """What a rule may need: see `rule`."""
    found: set[Need] = {tool.form, *tool.nodes, *names_called(tool)}
    found |= {f"{section.name}:" for section in tool.docstring.sections}
    for name in names_called(tool):
        at = name.find(".")
        while at > 0:
            found.add(name[: at + 1] + "*")
            at = name.find(".", at + 1)
    return found


_last: tuple[Sequence[Rule], Plan] = ((), Plan(()))


def plan_for(rules: Sequence[Rule]) -> Plan:
    """The plan of a run's rules, which are the same for every file."""
    global _last
    if _last[0] is not rules:
        _last = (rules, Plan(rules))
    return _last[1]
