"""Stop, so that nobody can be waited for."""

META = {"group": "resources", "check": "killed"}


def attack():
    import signal

    os.kill(os.getpid(), signal.SIGSTOP)
    return "contained: it went on"
