"""A value that contains itself."""

META = {"group": "channel"}


def attack():
    value = {}
    value["self"] = [value]
    return value
