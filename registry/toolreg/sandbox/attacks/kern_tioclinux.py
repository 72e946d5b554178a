"""TIOCLINUX / TIOCSETD."""

META = {"group": "kernel interfaces"}


def attack():
    import fcntl, struct
    for f in (0, 1, 2):
        try: fcntl.ioctl(f, 0x5423, struct.pack("i", 3)); return "ESCAPED: line discipline changed"
        except OSError: pass
    return "contained"
