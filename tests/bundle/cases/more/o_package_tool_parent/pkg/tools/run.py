from ..base import Base
from .. import mix

class Runs(Base):
    name = "run_it"
    description = "Do."
    inputs = {"n": {"type": "integer", "description": "A."}}
    def forward(self, n: int): return self.wrap(n) + mix.SEP
