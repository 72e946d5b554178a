from smolagents import Tool
import asyncio

class Runs(Tool):
    name = "run_it"
    description = "Do the thing."
    inputs = {"n": {"type": "integer", "description": "A value."}}
    output_type = "string"
    async def forward(self, n: int):
        await asyncio.sleep(0)
        return str(n)
