"""Find any capability left."""

META = {"group": "kernel interfaces"}


def attack():
    text = open("/proc/self/status").read()
    left = [line.split() for line in text.splitlines() if line.startswith("Cap")]
    return "contained" if all(int(value, 16) == 0 for name, value in left if name != "CapBnd:") else f"ESCAPED: {left}"
