__all__ = ['pick', 'LIMIT_NAME']
LIMIT_NAME = 'first'
_hidden = 'h'
def pick(n):
    return _hidden + str(n)
def sqrt_text(n):
    return 'wrong'
