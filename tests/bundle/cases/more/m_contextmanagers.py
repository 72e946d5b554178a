from smolagents import tool
from contextlib import contextmanager, asynccontextmanager, ExitStack, suppress, closing, nullcontext
import asyncio
LOG = []
@contextmanager
def told(name):
    LOG.append("+" + name)
    try: yield name.upper()
    finally: LOG.append("-" + name)
@asynccontextmanager
async def atold(name):
    with told(name) as x: yield x
async def _go(n):
    async with atold("a") as x:
        return x * n


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    LOG.clear()
    with ExitStack() as stack, suppress(ZeroDivisionError):
        x = stack.enter_context(told("b"))
        y = asyncio.run(_go(n))
        1 / 0
    return x + y + ",".join(LOG)
