"""Numbers that take for ever to read."""

META = {"group": "channel"}


def attack():
    said = b'{"value": [' + b"1" * 4000 + b", " + b"9" * 2_000_000 + b", 1e999999999, -0.0, 1" + b"0" * 1000 + b'], "type": "list"}'
    for number in range(3, 64):
        try:
            view = memoryview(said)
            while view:
                view = view[os.write(number, view):]
        except OSError:
            pass
    os._exit(0)
