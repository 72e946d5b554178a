from .a import Y
def go(n): return Y * n
