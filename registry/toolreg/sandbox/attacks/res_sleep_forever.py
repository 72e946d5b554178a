"""Sleep for ever (no CPU): needs a wall clock limit."""

META = {"group": "resources", "check": "killed"}


def attack():
    import time
    while True: time.sleep(60)
