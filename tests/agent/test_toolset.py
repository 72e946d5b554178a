"""Tools that are honest alone may still be unsafe together."""

from __future__ import annotations

import pytest

from toolreg.agent.toolset import ToolFacts, is_destructive, weigh
from toolreg.effects import Effect


def facts(name: str, *effects: str) -> ToolFacts:
    return ToolFacts(name, tuple(map(Effect.parse, effects)))


def test_private_data_untrusted_content_and_a_way_out_are_a_trifecta() -> None:
    verdict = weigh([facts("notes", "read: {path}"), facts("page", "net: {url}")])
    assert verdict.trifecta
    assert verdict.lines() == ["private data: notes", "untrusted content: page", "a way out: page"]


@pytest.mark.parametrize(
    "tools",
    [
        [],
        [facts("count")],
        [facts("notes", "read: {path}"), facts("weather", "net: api.open-meteo.com")],
        [facts("page", "net: {url}"), facts("count")],
        [facts("notes", "read: {path}"), facts("post", "net: api.example.com (writes)")],
        [facts("save", "write: {path}"), facts("page", "net: {url}")],
    ],
)
def test_two_of_the_three_are_no_trifecta(tools: list[ToolFacts]) -> None:
    assert not weigh(tools).trifecta


def test_a_secret_in_the_environment_is_private_data() -> None:
    assert weigh([facts("mail", "env: MAIL_TOKEN", "net: *")]).trifecta


def test_a_program_counts_as_everything() -> None:
    assert weigh([facts("shell", "run: bash")]).trifecta
    assert weigh([facts("run", "code: *")]).trifecta


def test_a_tool_of_which_nothing_is_known_counts_as_everything() -> None:
    verdict = weigh([ToolFacts("stranger", None)])
    assert verdict.trifecta
    assert verdict.lines()[-1] == "nothing is known of: stranger"


def test_destructive_is_what_may_change_something() -> None:
    assert not is_destructive((Effect.parse("read: {path}"), Effect.parse("net: {url}")))
    assert is_destructive((Effect.parse("write: {path}"),))
    assert is_destructive((Effect.parse("net: api.example.com (deletes)"),))
    assert not is_destructive((Effect.parse("net: api.example.com (writes)"),))
    assert is_destructive(None)
