"""Memory of other processes by NUMA calls."""

META = {"group": "kernel interfaces"}


def attack():
    for name, arguments in (("move_pages", (T["victim_pid"], 0, None, None, None, 0)), ("migrate_pages", (T["victim_pid"], 0, None, None)), ("mbind", (0, 0, 0, None, 0, 0))):
        result, number = sysc(name, *arguments)
        if result >= 0:
            return f"ESCAPED: {name}"
    return "contained"
