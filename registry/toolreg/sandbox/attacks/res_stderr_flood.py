"""Flood standard error past Python."""

META = {"group": "resources"}


def attack():
    chunk = b"E" * (1 << 16)
    for _ in range(640):
        os.write(2, chunk)
    return "contained: flooded"
