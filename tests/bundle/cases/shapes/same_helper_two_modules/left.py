import json as codec
CONFIG = {'l': 1}
def helper(n):
    return codec.dumps(['left', n])
def work(n):
    work = helper(n)
    return work + str(CONFIG)
