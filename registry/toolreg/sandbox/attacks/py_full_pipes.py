"""Leave every pipe full and never read."""

META = {"group": "channel"}


def attack():
    for number in (1, 2):
        os.set_blocking(number, False)
        try:
            while True:
                os.write(number, bytes(65536))
        except OSError:
            continue
    return "contained: it was read away or refused"
