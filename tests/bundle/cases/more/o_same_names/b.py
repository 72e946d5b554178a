LIMIT = 2
def get(): return LIMIT
class Conf: v = LIMIT
