"""Learn the host name."""

META = {"group": "processes"}


def attack():
    h = os.uname().nodename
    return f"ESCAPED: {h}" if h == T["hostname"] else f"contained: {h}"
