"""Sleep in pieces, catching every signal."""

META = {"group": "time", "check": "killed"}


def attack():
    import time

    while True:
        try:
            time.sleep(1)
        except BaseException:
            pass
