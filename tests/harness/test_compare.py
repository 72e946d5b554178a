"""Whether an example holds is decided outside the sandbox, as doctest decides it."""

import pytest

from toolreg.contract import Example
from toolreg.harness.compare import Printed, mismatch

VALUE = Example("f()\n", "{'a': 1}\n", 7)
ERROR = Example("f()\n", "Traceback (most recent call last):\nValueError: no\n", 7, error="ValueError: no\n")


@pytest.mark.parametrize(
    ("example", "printed"),
    [
        (VALUE, Printed("{'a': 1}\n")),
        (Example("f()\n", "a...z\n", 7, ("ELLIPSIS",)), Printed("a to z\n")),
        (Example("f()\n", "a\n<BLANKLINE>\nb\n", 7), Printed("a\n\nb\n")),
        (ERROR, Printed("", "ValueError: no")),
        (ERROR, Printed("", "acme.errors.ValueError: no")),
        (
            Example("f()\n", "", 7, ("IGNORE_EXCEPTION_DETAIL",), "ValueError: no\n"),
            Printed("", "ValueError: other"),
        ),
    ],
)
def test_it_holds(example: Example, printed: Printed) -> None:
    assert mismatch(example, printed) == ""


@pytest.mark.parametrize(
    ("example", "printed", "says"),
    [
        (VALUE, Printed("{'a': 2}\n"), "line 7: expected \"{'a': 1}\", got \"{'a': 2}\""),
        (VALUE, Printed("", "KeyError: 'a'"), "line 7: raised"),
        (ERROR, Printed("1\n"), "line 7: expected 'ValueError: no', got '1'"),
        (ERROR, Printed("", "ValueError: yes"), "line 7: expected 'ValueError: no', got 'ValueError: yes'"),
        (ERROR, Printed("", "TypeError: no"), "got 'TypeError: no'"),
    ],
)
def test_it_does_not_hold(example: Example, printed: Printed, says: str) -> None:
    assert says in mismatch(example, printed)


def test_a_long_output_is_cut_in_the_message() -> None:
    assert len(mismatch(VALUE, Printed("x" * 10_000))) < 600
