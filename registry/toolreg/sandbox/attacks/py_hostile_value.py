"""A value that attacks whoever shows it."""

META = {"group": "channel"}


def attack():
    class Hostile:
        def __str__(self):
            os._exit(7)

        __repr__ = __str__

    return {"value": Hostile()}
