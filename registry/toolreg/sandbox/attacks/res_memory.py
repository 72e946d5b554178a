"""Allocate 1.2 GiB (limit 512 MiB)."""

META = {"group": "resources"}


def attack():
    b = []
    try:
        for _ in range(150): b.append(bytearray(b"\1" * (8 << 20)))
    except MemoryError: n = len(b) * 8; del b; return f"contained: MemoryError at {n} MiB"
    return "ESCAPED: 1.2 GiB resident"
