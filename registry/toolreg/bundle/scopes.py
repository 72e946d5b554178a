"""Python's scopes, one inside the other, as a walk through code enters and leaves them."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Scope:
    """Names of one scope.

    kind: module, class, function, comprehension, types (the type parameters of a definition) or lazy (their
    bounds, and what a `type` alias stands for). module_names: those that `global` gives to the module.
    """

    kind: str
    local: set[str] = field(default_factory=set)
    module_names: set[str] = field(default_factory=set)


class Scopes(list[Scope]):
    """The scopes around a place, the innermost last."""

    def __init__(self) -> None:
        super().__init__([Scope("module")])

    @property
    def deferred(self) -> bool:
        """True if the place is not read with the module, but when a function runs or somebody asks."""
        return any(scope.kind in ("function", "lazy") for scope in self)

    def is_global(self, name: str) -> bool:
        near = True  # a class's names are seen in its own body, and by the type parameters in it
        for scope in reversed(self):
            seen = near or scope.kind != "class"
            if seen and name in scope.module_names:
                return True
            if seen and name in scope.local:
                return False
            near = near and scope.kind in ("types", "lazy")
        return True
