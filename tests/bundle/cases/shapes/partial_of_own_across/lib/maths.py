CACHE = {}
def times(a, b): return a * b
def add(a, b):
    return a + b
