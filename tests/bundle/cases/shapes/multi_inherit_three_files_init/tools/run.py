from .base import HttpTool, DEFAULTS
from .mixins import LogMixin as Logged


class FetchTool(Logged, HttpTool):
    """Fetch."""

    name = "fetch_tool"
    description = f"Fetch from {DEFAULTS['host']}."
    inputs = {"n": {"type": "integer", "description": "N."}}

    def forward(self, n: int) -> str:
        self.log(n)
        return self.url(n) + str(self.lines) + str(self.timeout)
