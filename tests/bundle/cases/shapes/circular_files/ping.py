import pong
def ping(n):
    return 'ping' + (pong.pong(n - 1) if n else '')
