LIMIT = 4
def default(): return LIMIT
