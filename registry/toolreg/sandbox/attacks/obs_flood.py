"""Flood the observer with 20 000 opens."""

META = {"group": "observation"}


def attack():
    for i in range(20000):
        try: os.close(os.open("/etc/hosts", 0))
        except OSError: pass
    return "contained: flooded"
