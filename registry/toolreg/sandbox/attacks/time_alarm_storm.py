"""Be woken a million times a second, and never come to an end."""

META = {"group": "time", "check": "killed"}


def attack():
    import signal, time
    signal.signal(signal.SIGALRM, lambda *_: None)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.setitimer(signal.ITIMER_REAL, 1e-6, 1e-6)
    while True:
        try:
            time.sleep(60)
        except BaseException:
            continue
