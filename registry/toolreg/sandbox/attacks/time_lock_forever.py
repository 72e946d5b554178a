"""Lock up in native code."""

META = {"group": "time", "check": "killed"}


def attack():
    import threading

    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
    return "ESCAPED"
