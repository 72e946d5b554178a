import asyncio
from smolagents import tool

async def _step(n):
    await asyncio.sleep(0)
    return n

@tool
async def steps(n: int) -> list:
    """Steps.

    Args:
        n: N.
    """
    return [await _step(i) async for i in _count(n)]

async def _count(n):
    for i in range(n):
        yield i
