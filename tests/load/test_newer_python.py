"""Code for another Python than this one is refused as that, not as something broken."""

from __future__ import annotations

import sys

import pytest

from toolreg.errors import NotAllowed
from toolreg.manifest import Anyone, examine
from toolreg.manifest.model import Versions

UNREADABLE = "class Words(Tool:\n    pass\n"


@pytest.mark.parametrize(
    ("python", "says"),
    [
        ("99.1.0", r"does not parse on Python \d+\.\d+; it was made with 99\.1"),
        (f"{sys.version_info[0]}.{sys.version_info[1]}.0", "the code does not parse"),
        ("unknown", "the code does not parse"),
    ],
)
def test_code_that_does_not_parse_here(shelf, python, says):
    versions = Versions(toolreg="0.1.0", smolagents="1.26.0", python=python)
    with pytest.raises(NotAllowed, match=says):
        examine(shelf.publish(code=UNREADABLE, versions=versions).files, Anyone())
