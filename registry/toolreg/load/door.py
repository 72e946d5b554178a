"""How a loaded tool's values go in and come out: plain JSON, images and sound, long results in pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from toolreg.harness import media
from toolreg.load.failure import ToolFailed
from toolreg.load.values import as_json
from toolreg.sandbox.backends.linux.hostile import parse

MIB = 1 << 20


def arguments_in(given: Mapping[str, Any], tool: str) -> dict[str, Any]:
    """Arguments as JSON for the sandbox. Raises ToolFailed."""
    return {name: _in(value, f"{tool}: argument '{name}'") for name, value in given.items()}


def _in(value: Any, what: str) -> Any:
    try:
        told = media.outgoing(value)
    except media.MediaError as error:
        raise ToolFailed(f"{what} {error}", hint="pass a smaller one, or another format") from error
    return as_json(value, what) if told is None else told


def value_out(value: Any, tool: str) -> Any:
    """A result as the caller gets it: images and sound made anew, all else as it is. Raises ToolFailed."""
    if not media.is_incoming(value):
        return value
    try:
        return media.incoming(value)
    except media.MediaError as error:
        raise ToolFailed(
            f"{tool} returned what {error}", hint="the tool's author must return an image or samples"
        ) from error


@dataclass(frozen=True, slots=True)
class Pages:
    """A long result, cut up: a text into pieces, a list into shorter lists. Iterate for one page after the other.

    Each page is read when its turn comes. `whole` joins them.
    """

    tool: str
    kind: str
    texts: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.texts)

    def __iter__(self) -> Iterator[Any]:
        for text in self.texts:
            yield self._page(text)

    def whole(self) -> Any:
        """All pages as the one value that they were."""
        if self.kind == "value":
            return self._page(self.texts[0])
        return "".join(self.texts) if self.kind == "text" else [row for page in self for row in page]

    def _page(self, text: str) -> Any:
        if self.kind == "text":
            return text
        page = parse(text.encode("utf-8", "surrogatepass"))
        if self.kind == "list" and not isinstance(page, list):
            raise ToolFailed(
                f"{self.tool} returned a page that is no list", hint="the tool tampers with its result"
            )
        return value_out(page, self.tool)


def pages_of(value: Any, tool: str) -> Pages:
    """The pages of what the paging door returned. Raises ToolFailed."""
    told = value.get("toolreg.pages") if isinstance(value, dict) else None
    match told:
        case {"kind": "text" | "list" | "value" as kind, "pages": [*texts]} if all(
            isinstance(t, str) for t in texts
        ):
            return Pages(tool, kind, tuple(texts))
    raise ToolFailed(f"{tool} returned no pages", hint="the tool tampers with its result")
