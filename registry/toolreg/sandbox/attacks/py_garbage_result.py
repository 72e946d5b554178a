"""Random bytes on every channel."""

META = {"group": "channel"}


def attack():
    for number in range(3, 64):
        try:
            os.write(number, os.urandom(4096))
        except OSError:
            pass
    os._exit(0)
