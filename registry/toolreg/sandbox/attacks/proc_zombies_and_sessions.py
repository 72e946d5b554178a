"""Children in sessions of their own that nobody waits for."""

META = {"group": "processes", "effects": ["run: sleep"]}


def attack():
    import time
    for _ in range(30):
        try:
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    os.setsid()
                    os.chdir("/")
                    time.sleep(60)
                os._exit(0)
        except OSError:
            break
    return "CHECK: none may be left"
