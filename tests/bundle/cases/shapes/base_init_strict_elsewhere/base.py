from smolagents import Tool


class Base(Tool):
    def __init__(self):
        super().__init__()
        self.ready = True
