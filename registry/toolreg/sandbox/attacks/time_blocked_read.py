"""Wait for input that never comes."""

META = {"group": "time", "check": "killed"}


def attack():
    read, _ = os.pipe()
    os.read(read, 1)
    return "ESCAPED: something came"
