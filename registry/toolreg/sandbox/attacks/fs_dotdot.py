"""Climb out of the workspace with `..`."""

META = {"group": "files", "seen": "read:"}


def attack():
    for depth in range(1, 12):
        try:
            if T["secret"] in open("../" * depth + T["secret_file"].lstrip("/")).read():
                return f"ESCAPED: {depth} levels up"
        except OSError:
            pass
    return "contained"
