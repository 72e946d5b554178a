"""Text that is no text."""

META = {"group": "channel"}


def attack():
    return "contained \ud800\udfff \x00 \x1b[2J \u202e"
