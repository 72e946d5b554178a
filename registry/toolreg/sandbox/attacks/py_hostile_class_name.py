"""An error whose class lies about its name."""

META = {"group": "channel"}


def attack():
    class Meta(type):
        def __getattribute__(cls, name):
            if name == "__qualname__":
                raise KeyboardInterrupt
            return 10 ** 5000 if name == "__module__" else type.__getattribute__(cls, name)
    class Odd(Exception, metaclass=Meta):
        def __str__(self):
            raise SystemExit(3)
    raise Odd
