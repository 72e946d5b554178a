"""Open for reading, then reopen the descriptor for writing."""

META = {"group": "files", "seen": "write:input.txt", "check": "workspace_same", "effects": ["read: input.txt"]}


def attack():
    handle = os.open("input.txt", os.O_RDONLY)
    for path in (f"/proc/self/fd/{handle}", f"/dev/fd/{handle}"):
        try:
            os.write(os.open(path, os.O_WRONLY), b"changed")
        except OSError:
            pass
    return "CHECK: the host's file must be as it was"
