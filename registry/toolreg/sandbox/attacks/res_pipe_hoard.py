"""Hoard pipe buffers."""

META = {"group": "resources"}


def attack():
    import fcntl

    total = 0
    try:
        for _ in range(2000):
            read, write = os.pipe()
            total += fcntl.fcntl(write, 1031, 1 << 20)
    except OSError:
        return f"contained: {total >> 20} MiB"
    return "ESCAPED: 2 GiB of pipes"
