"""Wait for a lock that this process holds itself."""

META = {"group": "time", "check": "killed"}


def attack():
    import fcntl
    one, other = (os.open("lock", os.O_CREAT | os.O_RDWR) for _ in range(2))
    fcntl.flock(one, fcntl.LOCK_EX)
    fcntl.flock(other, fcntl.LOCK_EX)
