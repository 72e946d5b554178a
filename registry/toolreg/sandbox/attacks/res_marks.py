"""Fill the disk with marks instead of content."""

META = {"group": "resources"}


def attack():
    total = 0
    try:
        for number in range(4000):
            path = f"m{number}"
            open(path, "w").close()
            for part in range(8):
                os.setxattr(path, f"user.m{part}", bytes(8000))
                total += 8000
    except OSError:
        pass
    return f"ESCAPED: {total >> 20} MiB" if total > 128 << 20 else f"contained: {total >> 20} MiB"
