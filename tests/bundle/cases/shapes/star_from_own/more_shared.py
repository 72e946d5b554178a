from math import *
LIMIT_NAME = 'second'
def sqrt_text(n):
    return str(sqrt(n))
