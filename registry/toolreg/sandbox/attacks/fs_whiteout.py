"""Swap and cover a file that may only be read."""

META = {"group": "files", "check": "handed_over_safely", "effects": ["read: input.txt", "write: out.txt"]}


def attack():
    open("out.txt", "w").write("mine")
    for flags in (2, 4, 0, 1):
        sysc("renameat2", -100, b"out.txt", -100, b"input.txt", flags)
        sysc("renameat2", -100, b"input.txt", -100, b"out.txt", flags)
    try:
        os.mknod("input.txt", 0o020666, 0)
    except OSError:
        pass
    return "CHECK: the host's file must be as it was"
