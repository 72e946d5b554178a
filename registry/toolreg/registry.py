"""The set of tools that a person works with, and what can be done to it: the public Python API.

Registry.from_paths("tools/").check()
publish(["tools/"], to="local")
load_tool("local/word-count")("To be or not to be")
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from toolreg.bundle import Bundle, bundle
from toolreg.contract import ToolSource
from toolreg.errors import NotFound
from toolreg.infer import Inference, infer
from toolreg.pipeline import Checked, check_paths, one_tool, read_tools

if TYPE_CHECKING:
    from toolreg.hub.listing import Listing
    from toolreg.lint import LintResult
    from toolreg.load import SandboxedTool
    from toolreg.shipping import Shipped


@dataclass(frozen=True, slots=True)
class Registry:
    """Tools by name: read from files, from a lock, or from a Hub; iterates in the order of files and lines.

    paths: where they were read from, for those that stand in files.
    """

    tools: tuple[ToolSource, ...]
    paths: tuple[str, ...] = ()

    @classmethod
    def from_paths(cls, *paths: str | os.PathLike[str]) -> Registry:
        """The tools in files and folders. Raises SourceError for what cannot be read."""
        named = tuple(os.fspath(path) for path in paths)
        modules, errors = read_tools(named)
        if errors:
            raise errors[0]
        return cls(tuple(t for m in modules for t in m.tools), named)

    @classmethod
    def from_lock(cls, lock: str = "") -> Registry:
        """The tools of a lock file, each verified; `toolreg.lock` of the project if none is named."""
        return cls(tuple(tool.source for tool in load_tools(lock=lock)))

    @classmethod
    def from_hub(cls, namespace: str, hub: str = "local") -> Registry:
        """The verified tools of a namespace. Raises VerificationError where one does not hold."""
        found = search("", hub=hub, author=namespace)
        return cls(tuple(load_tool(f"{row.repo_id}@{row.commit}", hub=hub).source for row in found))

    def __iter__(self) -> Iterator[ToolSource]:
        return iter(self.tools)

    def __len__(self) -> int:
        return len(self.tools)

    def __getitem__(self, name: str) -> ToolSource:
        """Raises NotFound, with the names there are."""
        for tool in self.tools:
            if tool.name == name:
                return tool
        raise NotFound(
            f"no tool '{name}'", hint=f"there are: {', '.join(t.name for t in self.tools) or 'none'}"
        )

    def lint(self) -> LintResult:
        """The static judgement of the files these tools stand in."""
        return lint(self.paths)

    def check(self) -> Checked:
        """A verdict on every tool of the files these tools stand in."""
        return check_paths(self.paths)

    def publish(self, to: str = "local", namespace: str | None = None) -> list[Shipped]:
        """Publish those that are approved."""
        return publish(self.paths, to=to, namespace=namespace)


def lint(paths: Sequence[str]) -> LintResult:
    """Judge the tools in files and folders statically, without importing them."""
    from toolreg.lint import runner

    return runner.lint(paths)


def check(paths: Sequence[str], *, tier: str = "") -> Checked:
    """Lint, bundle and try every tool in files and folders. Raises ToolregError where nothing could be begun."""
    return check_paths(paths, tier=tier)


def effects_of(path: str, name: str = "") -> dict[str, Inference]:
    """The inferred effects of the tools in a file, or of one of them, by the tool's name."""
    registry = Registry.from_paths(path)
    return {tool.name: infer(tool) for tool in ([registry[name]] if name else registry.tools)}


def build(path: str, name: str = "") -> Bundle:
    """The published form of one tool. Raises BundleError with every reason, UsageError where several could be meant."""
    return bundle(one_tool(path, name))


def publish(
    paths: Sequence[str],
    *,
    to: str = "local",
    namespace: str | None = None,
    dry_run: bool = False,
    version: str | None = None,
) -> list[Shipped]:
    """Check the tools in `paths` and publish those that are approved, each in one commit.

    to: `local`, `hf` or a Hub's URL. One failure does not stop the rest. Raises ToolregError where
    nothing could be begun.
    """
    from toolreg.shipping import ship

    return ship(check_paths(paths), to=to, namespace=namespace, dry_run=dry_run, version=version)


def search(
    text: str = "",
    *,
    hub: str = "local",
    author: str = "",
    effects: Sequence[str] = (),
    without: Sequence[str] = (),
) -> list[Listing]:
    """The tools of a Hub that fit, best first; nothing of them is run. Raises HubError."""
    from toolreg.hub.listing import Query
    from toolreg.hub.search import search as search_hub
    from toolreg.hub.targets import opened

    query = Query(text=text, effects=tuple(effects), without=tuple(without), limit=1000)
    with opened(hub) as there:
        return search_hub(there, query, author=author or None)


def load_tool(
    ref: str, *, hub: str = "local", workspace: str | None = None, env: Mapping[str, str] | None = None
) -> SandboxedTool:
    """A published tool as a smolagents Tool whose every call runs in the sandbox under what its manifest promises.

    ref: `namespace/name[@revision]`. workspace: the host folder that relative paths mean; None is an empty one.
    env: where the values of declared variables are looked up. Raises HubError, VerificationError.
    """
    from toolreg.load import Room
    from toolreg.load import load_tool as load
    from toolreg.load.reader import Hubs, reader

    with Hubs() as hubs:
        return load(ref, fetch=hubs(hub), trust=reader().trust, room=Room(workspace, env or {}))


def load_tools(
    *names: str, lock: str = "", workspace: str | None = None, env: Mapping[str, str] | None = None
) -> list[SandboxedTool]:
    """The locked tools, those named or all, for exactly the locked bytes. Raises VerificationError."""
    from toolreg.load import Room
    from toolreg.load import load_tools as load
    from toolreg.load.reader import Hubs, reader

    me = reader(lock=lock)
    with Hubs() as hubs:
        return load(
            me.lock(),
            names,
            store=me.store,
            policy=me.policy,
            fetch_from=hubs,
            room=Room(workspace, env or {}),
        )
