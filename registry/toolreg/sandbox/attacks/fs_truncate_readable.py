"""Empty a file that may only be read."""

META = {"group": "files", "seen": "write:input.txt", "check": "workspace_same", "effects": ["read: input.txt"]}


def attack():
    for flags in (os.O_RDONLY | os.O_TRUNC, os.O_WRONLY, os.O_RDWR | os.O_TRUNC):
        try:
            os.close(os.open("input.txt", flags))
        except OSError:
            continue
    try:
        os.truncate("input.txt", 0)
    except OSError:
        pass
    return "CHECK: the host's file must be as it was"
