"""Replace the encoder that the result goes through."""

META = {"group": "channel"}


def attack():
    import json

    json.dumps = lambda *_: '{"value": ' + "[" * 100_000
    return "contained"
