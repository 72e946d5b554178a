"""50 MiB on stdout."""

META = {"group": "channel"}


def attack():
    s = "A" * (1 << 20)
    for _ in range(50): sys.stdout.write(s)
    sys.stdout.flush()
    return "contained: flooded"
