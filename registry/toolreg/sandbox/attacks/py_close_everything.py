"""Close every descriptor, the result's too."""

META = {"group": "channel"}


def attack():
    os.closerange(0, 256)
    return "contained: nobody hears"
