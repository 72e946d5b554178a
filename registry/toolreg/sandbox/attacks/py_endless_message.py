"""An exception with a giant message."""

META = {"group": "channel"}


def attack():
    raise ValueError("x" * (200 << 20))
