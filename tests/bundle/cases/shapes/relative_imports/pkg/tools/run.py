from smolagents import tool

from .. import consts
from ..consts import UNIT as unit
from . import helper
from .helper import shape
from ..deep.er import value


@tool
def run_it(n: int) -> str:
    """Run.

    Args:
        n: N.

    Returns:
        Text.
    """
    return shape(n) + unit + consts.OTHER + helper.NAME + value()
