"""Make the result's pipe as small as can be, or refuse to let it be read."""

META = {"group": "channel"}


def attack():
    import fcntl
    for number in range(1, 64):
        try:
            fcntl.fcntl(number, 1031, 4096)
            fcntl.fcntl(number, fcntl.F_SETFL, os.O_NONBLOCK)
        except OSError:
            pass
    return "x" * 300_000
