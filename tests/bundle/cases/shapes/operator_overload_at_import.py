from smolagents import tool

class Pipe:
    def __init__(self, *fs): self.fs = fs
    def __or__(self, f): return Pipe(*self.fs, f)
    def __call__(self, x):
        for f in self.fs: x = f(x)
        return x
PIPE = Pipe()
PIPE |= (lambda x: x + 1)
PIPE = PIPE | str
VECTOR = []
VECTOR += [1]
a, *(b, c) = VECTOR * 3
VECTOR.extend([a, b, c])


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return str(PIPE(n)) + str(VECTOR)