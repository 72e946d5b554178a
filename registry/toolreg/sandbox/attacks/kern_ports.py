"""Talk to hardware ports."""

META = {"group": "kernel interfaces", "seen": "native:iopl"}


def attack():
    if "iopl" not in NUMBERS:
        return "contained: no such call here"
    result, number = sysc("iopl", 3)
    return "ESCAPED" if result >= 0 else f"contained: errno {number}"
