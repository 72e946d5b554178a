"""Stop, so that nobody can be waited for."""

META = {"group": "resources", "check": "killed"}


def attack():
    import signal, time

    while True:
        os.kill(os.getpid(), signal.SIGSTOP)
        time.sleep(1)
