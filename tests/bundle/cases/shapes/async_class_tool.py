from smolagents import Tool

import asyncio


class Base(Tool):
    output_type = "string"

    async def fetch(self, n):
        await asyncio.sleep(0)
        return f"{self.prefix}{n}"


class AsyncTool(Base):
    name = "async_tool"
    description = "Async."
    inputs = {"n": {"type": "integer", "description": "N."}}
    prefix = "p"

    async def forward(self, n: int) -> str:
        got = await asyncio.gather(*(self.fetch(i) for i in range(n)))
        async with asyncio.Lock():
            return ",".join(got)
