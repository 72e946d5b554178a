"""Start a program by posix_spawn."""

META = {"group": "processes", "seen": "run:"}


def attack():
    try:
        pid = os.posix_spawn("/usr/bin/id", ["id"], {})
    except OSError as error:
        return f"contained: {error}"
    return "ESCAPED: spawned" if os.waitpid(pid, 0)[1] == 0 else "contained"
