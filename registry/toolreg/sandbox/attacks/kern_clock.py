"""Set the clock."""

META = {"group": "kernel interfaces", "seen": "native:"}


def attack():
    import time

    for attempt in (lambda: time.clock_settime(time.CLOCK_REALTIME, time.time()),):
        try:
            attempt()
            return "ESCAPED: the clock was set"
        except OSError:
            pass
    return "contained"
