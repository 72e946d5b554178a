from smolagents import Tool
class Client:
    pass

class A(Tool):
    name = "a"
    description = "Do it."
    inputs = {"n": {"type": "integer", "description": "N."}}
    output_type = "string"
    def __init__(self, client):
        super().__init__()
        self.client = client
    def forward(self, n: int) -> str:
        return str(self.client)
TOOL = A(Client())
