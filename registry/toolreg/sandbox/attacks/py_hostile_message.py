"""An exception that attacks whoever shows it."""

META = {"group": "channel"}


def attack():
    class Hostile(Exception):
        def __str__(self):
            raise KeyboardInterrupt

        __repr__ = __str__

    raise Hostile
