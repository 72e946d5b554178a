"""Write below Python, by number."""

META = {"group": "observation", "seen": "write:", "check": "workspace_same", "effects": ["read: input.txt"]}


def attack():
    handle, _ = sysc("openat", -100, b"input.txt", os.O_WRONLY)
    if handle >= 0:
        os.write(handle, b"changed")
    return "CHECK: the host's file must be as it was"
