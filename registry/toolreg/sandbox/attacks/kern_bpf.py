"""Bpf(BPF_MAP_CREATE)."""

META = {"group": "kernel interfaces", "seen": "native:bpf"}


def attack():
    r, e = sysc("bpf", 0, (1).to_bytes(4,'little')+(4).to_bytes(4,'little')+(4).to_bytes(4,'little')+(1).to_bytes(4,'little')+bytes(56), 72)
    return f"ESCAPED: reachable ({r},{e})" if r >= 0 else f"contained: errno {e}"
