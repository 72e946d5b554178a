from smolagents import Tool
FORMATS = ("csv", "json")


class Runs(Tool):
    name = "run_it"
    description = "Do the thing."
    inputs = {"n": {"type": "integer", "description": "A value."}}
    output_type = "string"
    description = f"""Do {len(FORMATS)} things:
      - {FORMATS[0]}
    """ + " ".join(FORMATS)

    def forward(self, n: int):
        return str(n)
