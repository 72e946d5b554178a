"""Set the time of day by the older calls."""

META = {"group": "time", "seen": "native:"}


def attack():
    import struct

    for name in ("settimeofday", "adjtimex"):
        result, number = sysc(name, struct.pack("QQ", 0, 0).ljust(208, b"\1"), None)
        if result >= 0 or number not in (1, 38):
            return f"ESCAPED: {name} {number}"
    return "contained"
