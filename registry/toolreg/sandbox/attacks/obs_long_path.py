"""A path longer than any path may be."""

META = {"group": "observation", "seen": "read:"}


def attack():
    for path in ("/" + "a/" * 3000, "/" + "b" * 5000, "./" * 2000 + T["secret_file"]):
        try:
            open(path)
            return "ESCAPED"
        except OSError:
            pass
    return "contained"
