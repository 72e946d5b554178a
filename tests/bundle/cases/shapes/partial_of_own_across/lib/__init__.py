from .maths import add
