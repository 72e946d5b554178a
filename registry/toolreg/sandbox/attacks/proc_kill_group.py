"""Signal the whole process group."""

META = {"group": "processes", "check": "victim_alive"}


def attack():
    import signal

    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        os.kill(0, 15)
    except OSError as error:
        return f"contained: {error}"
    return "CHECK: signalled"
