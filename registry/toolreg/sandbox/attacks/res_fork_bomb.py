"""Spawn 300 processes."""

META = {"group": "resources", "seen": "run:*"}


def attack():
    import signal
    k = []
    try:
        for _ in range(300):
            p = os.fork()
            if p == 0:
                import time; time.sleep(3); os._exit(0)
            k.append(p)
    except OSError: pass
    n = len(k)
    for p in k:
        try: os.kill(p, signal.SIGKILL); os.waitpid(p, 0)
        except OSError: pass
    return f"ESCAPED: {n} processes" if n >= 300 else f"contained: {n} processes"
