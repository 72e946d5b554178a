"""A regular expression that never ends."""

META = {"group": "resources", "check": "killed"}


def attack():
    import re

    re.match(r"(a+)+\Z", "a" * 64 + "b")
    return "ESCAPED: it ended"
