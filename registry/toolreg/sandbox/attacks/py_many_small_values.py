"""A result of millions of empty lists."""

META = {"group": "channel", "check": "killed"}


def attack():
    data = b'{"value": [' + b"[]," * 2_500_000 + b'[]], "type": "list", "faithful": true}'
    for number in range(3, 64):
        try:
            os.fstat(number)
            view = memoryview(data)
            while view:
                view = view[os.write(number, view):]
        except OSError:
            pass
    os._exit(0)
