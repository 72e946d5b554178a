"""A number too long to be read back."""

META = {"group": "channel"}


def attack():
    for number in range(3, 64):
        try:
            os.write(number, b'{"value": ' + b"9" * 1_000_000 + b"}")
        except OSError:
            pass
    os._exit(0)
