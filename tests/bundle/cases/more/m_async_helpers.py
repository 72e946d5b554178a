from smolagents import tool
import asyncio
async def each(n):
    for i in range(n):
        await asyncio.sleep(0)
        yield i
async def total(n): return [i async for i in each(n) if i] + [await one(i) for i in range(2)]
async def one(i): return -i


@tool
async def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return str(await total(n + 2))
