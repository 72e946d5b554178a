"""Block every signal and wait for one."""

META = {"group": "time", "check": "killed"}


def attack():
    import signal
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
    while True:
        signal.sigwait([signal.SIGUSR1])
