"""Open a POSIX shm object of the host."""

META = {"group": "processes", "seen": "read:/dev/shm/"}


def attack():
    try: d = open("/dev/shm/" + T["posix_shm"]).read()
    except OSError as e: return f"contained: {e}"
    return "ESCAPED: /dev/shm shared" if T["secret"] in d else "contained"
