"""Return at once, and leave a thread at work."""

META = {"group": "time"}


def attack():
    import threading

    def spin():
        while True:
            pass

    threading.Thread(target=spin).start()
    return "contained"
