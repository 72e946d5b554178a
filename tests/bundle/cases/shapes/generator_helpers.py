from smolagents import tool

def walk(values):
    for v in values:
        if isinstance(v, list):
            yield from walk(v)
        else:
            yield v

def averager():
    total = 0
    while True:
        got = yield total
        if got is None:
            return total
        total += got

def send_sum(values):
    gen = averager()
    next(gen)
    return [gen.send(v) for v in values]

def pairs(n):
    yield from ((k, v) for k, v in zip("ab", range(n)))


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    it = walk([1, [2, [n]]])
    return str(list(it)) + str(send_sum([1, 2, n])) + str(dict(pairs(n)))