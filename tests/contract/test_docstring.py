from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolreg.contract import parse_docstring

GOOGLE = """Forecast the weather of a city.

    More of it here.

    Side effects:
        net: api.example.com
        env: KEY

    Args:
        city (str): City name, e.g. "Paris".
        days: Days ahead,
            1 to 7.

    Returns:
        Mapping of day to degrees.

    Raises:
        ValueError: The city is unknown.

    Examples:
        >>> weather("Paris")
        {'today': 12}
        >>> weather("Nowhere")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ValueError: ...
    """


def test_google_style_is_read_with_lines() -> None:
    doc = parse_docstring(GOOGLE, 10)
    assert (doc.style, doc.summary) == ("google", "Forecast the weather of a city.")
    assert [(s.name, s.line) for s in doc.sections] == [
        ("Side effects", 14),
        ("Args", 18),
        ("Returns", 23),
        ("Raises", 26),
        ("Examples", 29),
    ]
    assert doc.effect_lines == ((15, "net: api.example.com"), (16, "env: KEY"))
    args = doc.section("Args")
    assert args is not None
    assert [(i.name, i.type, i.text, i.line) for i in args.items()] == [
        ("city", "str", 'City name, e.g. "Paris".', 19),
        ("days", "", "Days ahead, 1 to 7.", 20),
    ]
    assert [(e.source, e.want, e.line) for e in doc.examples] == [
        ('weather("Paris")\n', "{'today': 12}\n", 30),
        (
            'weather("Nowhere")  # doctest: +ELLIPSIS\n',
            "Traceback (most recent call last):\nValueError: ...\n",
            32,
        ),
    ]


@pytest.mark.parametrize("text", ["Do.\n\n    Side effects: none\n    ", "Do.\n\nSide effects:\n    none\n"])
def test_a_pure_tool_says_none_in_either_form(text: str) -> None:
    lines = parse_docstring(text).effect_lines
    assert lines is not None
    assert [t for _, t in lines] == ["none"]


def test_without_the_section_nothing_is_declared() -> None:
    assert parse_docstring("Do it.").effect_lines is None


NUMPY = """Count words.

    Side effects: none

    Parameters
    ----------
    text : str
        What to count.

    Returns
    -------
    int
        How many.

    Raises
    ------
    ValueError
        It is empty.
    """
REST = """Count words.

    :param text: What to count.
    :returns: How many.
    :raises ValueError: It is empty.
    """


@pytest.mark.parametrize(("text", "style"), [(NUMPY, "numpy"), (REST, "rest")])
def test_numpy_and_rest_are_read_too(text: str, style: str) -> None:
    doc = parse_docstring(text)
    args, raises = doc.section("Args"), doc.section("Raises")
    assert (doc.style, doc.summary) == (style, "Count words.")
    assert args is not None
    assert raises is not None
    assert [(i.name, i.text) for i in args.items()] == [("text", "What to count.")]
    assert [i.name for i in raises.items()] == ["ValueError"]


def test_side_effects_in_numpy_style_end_at_the_empty_line() -> None:
    assert parse_docstring(NUMPY).effect_lines == ((3, "none"),)


def test_sections_further_right_than_the_summary_are_read_as_smolagents_reads_them() -> None:
    doc = parse_docstring("\nAt the left.\n\n    Args:\n      a: One.\n      b: Two,\n        or more.\n")
    args = doc.section("Args")
    assert args is not None
    assert [(i.name, i.text) for i in args.items()] == [("a", "One."), ("b", "Two, or more.")]


def test_a_word_with_a_colon_in_the_text_is_no_section() -> None:
    doc = parse_docstring("Do it.\n\nNote that: this is text.\nArgs are: none.\n")
    assert doc.sections == ()


@given(st.text())
def test_no_text_makes_it_fall(text: str) -> None:
    doc = parse_docstring(text, 5)
    assert doc.line >= 5
    assert all(section.items() is not None for section in doc.sections)
