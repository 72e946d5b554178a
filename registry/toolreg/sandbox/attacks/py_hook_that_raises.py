"""A hook that lets nothing happen any more."""

META = {"group": "channel"}


def attack():
    import sys
    def hook(event, arguments):
        raise RuntimeError(event)
    sys.addaudithook(hook)
    return "contained"
