"""Become the parent of what others leave."""

META = {"group": "processes", "seen": "native:prctl", "effects": ["run: sleep"]}


def attack():
    return "ESCAPED: adopted" if libc.prctl(36, 1, 0, 0, 0) == 0 else "contained"
