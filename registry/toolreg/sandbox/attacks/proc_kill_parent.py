"""Kill the parent and the first process."""

META = {"group": "processes"}


def attack():
    for pid in {os.getppid(), 1} - {0}:
        try:
            os.kill(pid, 9)
        except OSError:
            pass
    return "CHECK: the sandbox must live on"
