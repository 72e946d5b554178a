from smolagents import Tool
from .consts import *

class HttpTool(Tool):
    output_type = "string"
    timeout = TIMEOUT

    def __init__(self, host: str = DEFAULTS["host"], **kwargs):
        super().__init__(**kwargs)
        self.host = host

    def url(self, n):
        return f"https://{self.host}/{n}"
