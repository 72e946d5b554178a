"""Open descriptors without end."""

META = {"group": "resources"}


def attack():
    kept = []
    try:
        while len(kept) < 100_000:
            kept.append(os.open("/dev/null", os.O_RDONLY))
    except OSError:
        return f"contained: {len(kept)}"
    return "ESCAPED"
