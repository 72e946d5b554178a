LIMIT = 1
def get(): return LIMIT
class Conf: v = LIMIT
