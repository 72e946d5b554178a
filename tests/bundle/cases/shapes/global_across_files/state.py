_count = 0
def bump(n):
    global _count
    _count += n
def current():
    return _count
