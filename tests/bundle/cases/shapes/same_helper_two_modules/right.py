import pprint as codec
CONFIG = {'r': 1}
def helper(n):
    return codec.pformat(['right', n])
def work(n, helper=helper):
    return helper(n) + str(CONFIG)
