"""Reserve 64 GiB at once and in pieces."""

META = {"group": "resources"}


def attack():
    import mmap

    kept = []
    try:
        for _ in range(64):
            kept.append(mmap.mmap(-1, 1 << 30))
    except (OSError, MemoryError):
        return f"contained: {len(kept)} GiB"
    return "ESCAPED: 64 GiB"
