"""Examples become cases, each granted exactly what its calls name."""

import textwrap

from toolreg.contract import ToolSource, parse_module
from toolreg.contract.grants import grant
from toolreg.effects import Effect
from toolreg.harness.cases import example_case


def tool_with(examples: str, effects: str = "read: {path}") -> ToolSource:
    source = f'''
from smolagents import tool

@tool
def peek(path: str = "default.txt", lines: int = 3) -> str:
    """Show the head of a file.

    Side effects:
        {effects}

    Examples:
{textwrap.indent(textwrap.dedent(examples).strip(), "        ")}
    """
    return ""
'''
    return parse_module("peek.py", source.encode()).tools[0]


def granted(examples: str, effects: str = "read: {path}") -> tuple[list[str], tuple[str, ...]]:
    tool = tool_with(examples, effects)
    assert tool.declared is not None
    case = example_case(tool, tool.docstring.examples, tool.declared)
    assert case is not None
    return [str(e) for e in case.granted.effects], case.granted.problems


def test_an_example_is_granted_what_its_arguments_name() -> None:
    assert granted(">>> peek('a.txt')\n'x'\n>>> peek(lines=1, path='b.txt')\n'y'") == (
        ["read:a.txt", "read:b.txt"],
        (),
    )


def test_a_default_counts_as_given() -> None:
    assert granted(">>> peek()\n'x'") == (["read:default.txt"], ())


def test_a_name_bound_to_a_literal_counts_as_given() -> None:
    assert granted(">>> name = 'c.txt'\n>>> peek(name)\n'x'") == (["read:c.txt"], ())


def test_a_computed_argument_grants_nothing_and_says_so() -> None:
    effects, problems = granted(">>> peek('a' + str(1))\n'x'")
    assert effects == []
    assert "'path'" in problems[0]
    assert "line 12" in problems[0]


def test_a_computed_argument_that_no_effect_needs_is_no_problem() -> None:
    assert granted(">>> peek('a', lines=1 + 1)\n'x'")[1] == ()


def test_skipped_examples_are_no_case() -> None:
    tool = tool_with(">>> peek('a')  # doctest: +SKIP\n'x'")
    assert example_case(tool, tool.docstring.examples, ()) is None


def test_effects_without_parameters_are_granted_to_every_call() -> None:
    assert granted(">>> 1 + 1\n2", "net: a.example") == (["net:a.example"], ())


def test_a_grant_is_the_declared_effects_of_one_call() -> None:
    tool = tool_with(">>> peek('a')\n'x'")
    assert grant(tool, {"path": "x[1].txt"}, (Effect("read", "{path}"), Effect("env", "KEY"))) == (
        Effect("env", "KEY"),
        Effect("read", "x[[]1].txt"),
    )
