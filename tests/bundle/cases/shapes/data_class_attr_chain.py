from smolagents import Tool

class Settings:
    HOST = "h"
    URL = f"http://{HOST}/x"


class Defaults(Settings):
    TIMEOUT = 3
    ALL = [Settings.HOST, TIMEOUT]


class ChainTool(Tool):
    name = "chain_tool"
    description = "Chain to " + Settings.HOST
    inputs = {"n": {"type": "integer", "description": "N " + str(Defaults.TIMEOUT), "nullable": True}}
    output_type = "string"
    url = Defaults.URL
    timeout: int = Defaults.TIMEOUT

    def forward(self, n: int | None = Defaults.TIMEOUT) -> str:
        return f"{self.url}{self.timeout}{n}{Defaults.ALL}"
