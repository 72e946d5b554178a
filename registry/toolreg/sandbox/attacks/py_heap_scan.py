"""Look through one's own memory for secrets of the host."""

META = {"group": "channel"}


def attack():
    needle = ("HEAP-" + T["secret"]).encode()
    hits = 0
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
        for line in maps:
            if " rw-p " not in line:
                continue
            low, high = (int(part, 16) for part in line.split()[0].split("-"))
            try:
                memory.seek(low)
                hits += memory.read(min(high - low, 64 << 20)).count(needle + b"-IN-HOST")
            except (OSError, ValueError):
                pass
    return "contained" if hits <= 4 else f"ESCAPED: {hits}"
