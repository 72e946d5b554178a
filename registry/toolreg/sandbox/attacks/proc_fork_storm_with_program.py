"""Fork without end where forking is granted."""

META = {"group": "processes", "effects": ["run: sleep"]}


def attack():
    import time

    count = 0
    end = time.time() + 2
    while time.time() < end:
        try:
            if os.fork() == 0:
                time.sleep(60)
                os._exit(0)
            count += 1
        except OSError:
            break
        if count > 2000:
            return "ESCAPED: 2000 processes"
    return f"contained: {count} processes"
