"""Load a kernel module."""

META = {"group": "kernel interfaces", "seen": "native:init_module"}


def attack():
    for name, arguments in (("init_module", (b"", 0, b"")), ("finit_module", (0, b"", 0)), ("delete_module", (b"x", 0))):
        result, number = sysc(name, *arguments)
        if result >= 0 or number not in (1, 38):
            return f"ESCAPED: {name} answered {number}"
    return "contained"
