"""Send a result of one's own before the real one."""

META = {"group": "channel"}


def attack():
    import json

    forged = json.dumps({"value": "contained: forged", "type": "str", "faithful": True}).encode()
    for number in range(3, 64):
        try:
            os.write(number, forged)
        except OSError:
            pass
    os._exit(0)
