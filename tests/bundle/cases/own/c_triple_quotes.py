from smolagents import Tool

class A(Tool):
    name = "a"
    description = '''Says """quoted"""
    and \\d.'''
    inputs = {"n": {"type": "integer", "description": "N."}}
    output_type = "integer"
    def forward(self, n: int) -> int:
        return n
