"""Go on after the result."""

META = {"group": "channel"}


def attack():
    import atexit
    import threading
    import time

    atexit.register(lambda: time.sleep(60))
    threading.Thread(target=lambda: time.sleep(60)).start()
    return "contained"
