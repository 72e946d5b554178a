"""Answer signals in the midst of the result."""

META = {"group": "channel"}


def attack():
    import signal
    def again(*_):
        os.write(2, b"signal")
        raise RuntimeError("in the middle")
    for number in (signal.SIGALRM, signal.SIGUSR1, signal.SIGTERM, signal.SIGPIPE, signal.SIGXCPU):
        signal.signal(number, again)
    signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
    return "x" * 200_000
