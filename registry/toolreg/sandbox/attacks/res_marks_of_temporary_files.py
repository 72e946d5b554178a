"""Fill memory with marks of files in the temporary folder."""

META = {"group": "resources"}


def attack():
    total = 0
    try:
        for number in range(400):
            path = f"/tmp/m{number}" if T["own_network"] else f"m{number}"
            open(path, "w").close()
            for mark in range(3):
                os.setxattr(path, f"user.m{mark}", b"x" * 60000)
                total += 60000
    except OSError:
        pass
    return f"ESCAPED: {total >> 20} MiB" if total > 64 << 20 else f"contained: {total >> 20} MiB"
