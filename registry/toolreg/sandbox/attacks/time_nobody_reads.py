"""Write to a pipe that nobody reads."""

META = {"group": "time", "check": "killed"}


def attack():
    one, other = os.pipe()
    while True:
        os.write(other, bytes(65536))
