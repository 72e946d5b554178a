"""Hang while the interpreter ends."""

META = {"group": "time"}


def attack():
    class Slow:
        def __del__(self):
            import time

            time.sleep(60)

    sys.modules["slow"] = Slow()
    return "contained"
