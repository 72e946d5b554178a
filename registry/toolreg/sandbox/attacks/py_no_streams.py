"""Take the standard streams away."""

META = {"group": "channel"}


def attack():
    sys.stdout = sys.stderr = sys.__stdout__ = None
    return "contained"
