"""Print for ever."""

META = {"group": "resources", "check": "killed"}


def attack():
    while True:
        os.write(1, b"x" * 65536)
