"""Hold up whoever opens a file, and be told of it."""

META = {"group": "files", "seen": "native:fcntl", "effects": ["read: input.txt"]}


def attack():
    import fcntl
    with open("input.txt") as file:
        for command, value in ((1024, 0), (1026, 0x80000001), (8, os.getpid()), (10, 9)):
            try:
                fcntl.fcntl(file, command, value)
            except OSError:
                continue
            return f"ESCAPED: fcntl {command}"
    return "contained"
