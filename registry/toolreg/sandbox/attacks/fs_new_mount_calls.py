"""The newer mount interface: open_tree, move_mount, fsopen."""

META = {"group": "files", "seen": "native:"}


def attack():
    for name, arguments in (("open_tree", (-100, b"/", 1)), ("fsopen", (b"tmpfs", 0)), ("move_mount", (-100, b"/usr", -100, b"/tmp", 0)), ("mount_setattr", (-100, b"/", 0, None, 0))):
        result, number = sysc(name, *arguments)
        if result >= 0 or number not in (1, 38):
            return f"ESCAPED: {name} answered {result}, {number}"
    return "contained"
