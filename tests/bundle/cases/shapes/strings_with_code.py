from smolagents import tool

def run_text(n):
    return """
def forward(x):
        @tool  # not code
def run_it(): run_text
""" + f"run_it {n} SimpleTool"


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    text = """
    def forward(self, n):
        return self.run_it("@tool")
    """
    # def forward(self): @tool
    other = 'class run_it(Tool):\n    forward = None'
    return text + other + run_text(n) + "run_it"