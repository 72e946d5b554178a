"""Clone into namespaces of one's own."""

META = {"group": "processes", "seen": "run:*"}


def attack():
    for flags in (0x10000000, 0x10000000 | 0x20000, 0x40000000, 0x20000000):
        result, _ = sysc("clone", flags | 17, None, None, None, None)
        if result == 0:
            os._exit(0)
        if result > 0:
            return f"ESCAPED: clone with {flags:#x}"
    return "contained"
