"""A file without a name in the workspace, named as nobody promised."""

META = {"group": "files", "check": "handed_over_safely", "effects": ["write: promised.txt"]}


def attack():
    try:
        handle = os.open(".", os.O_TMPFILE | os.O_RDWR, 0o600)
        os.write(handle, b"x")
        sysc("linkat", handle, b"", -100, b"unpromised.txt", 0x1000)
        os.link(f"/proc/self/fd/{handle}", "other.txt", follow_symlinks=True)
    except OSError:
        pass
    return "CHECK: neither may arrive"
