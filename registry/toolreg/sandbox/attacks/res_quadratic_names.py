"""A name as long as the longest, looked up again and again."""

META = {"group": "resources", "check": "killed"}


def attack():
    name = "/" + "a/../" * 800 + "x"
    while True:
        try:
            os.stat(name)
        except OSError:
            pass
