import functools
def loud(f):
    @functools.wraps(f)
    def inner(*a, **k): return f(*a, **k).upper()
    return inner
