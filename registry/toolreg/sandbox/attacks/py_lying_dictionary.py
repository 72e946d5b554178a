"""A dictionary whose methods lie."""

META = {"group": "channel"}


def attack():
    class Lying(dict):
        def items(self):
            while True:
                yield "k", "v" * 1000

    return Lying(a=1)
