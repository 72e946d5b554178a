from . import consts
FACTOR = 3
def work(n): return str(n * FACTOR + consts.ONE)
