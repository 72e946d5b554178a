from __future__ import annotations

import pytest

from toolreg.testing import Example, check_example, examples


@pytest.mark.parametrize("example", examples(), ids=str)
def test_a_bad_example_gives_exactly_its_own_code_and_a_good_one_none(example: Example) -> None:
    check_example(example)
