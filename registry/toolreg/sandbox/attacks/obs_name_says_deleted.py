"""A file whose name says that it was deleted."""

META = {"group": "observation", "seen": "write:it (deleted)"}


def attack():
    open("it (deleted)", "w").close()
    open("it (deleted)").close()
    return "contained"
