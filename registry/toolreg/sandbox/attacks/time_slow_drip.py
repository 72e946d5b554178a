"""Print a byte now and then, to seem alive."""

META = {"group": "time", "check": "killed"}


def attack():
    import time

    while True:
        print(".", end="", flush=True)
        time.sleep(0.05)
