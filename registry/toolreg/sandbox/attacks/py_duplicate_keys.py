"""A result that says two things."""

META = {"group": "channel"}


def attack():
    said = b'{"value": "contained", "error": 3, "value": {"value": 1}, "account": [["net", "x"], ["code", 5], {}], "type": null, "faithful": "yes", "line": 1e400}'
    for number in range(3, 64):
        try:
            os.write(number, said)
        except OSError:
            pass
    os._exit(0)
