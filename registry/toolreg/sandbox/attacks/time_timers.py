"""Timers that restart the work."""

META = {"group": "time", "check": "killed"}


def attack():
    import signal
    import time

    signal.signal(signal.SIGALRM, lambda *_: None)
    signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
    while True:
        time.sleep(10)
