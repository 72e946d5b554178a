"""Ignore every signal and spin."""

META = {"group": "resources", "check": "killed"}


def attack():
    import signal

    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    while True:
        pass
