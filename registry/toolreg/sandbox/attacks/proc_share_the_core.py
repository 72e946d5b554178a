"""Share a processor's secrets with another process."""

META = {"group": "processes"}


def attack():
    for command in (2, 3, 0):
        if libc.prctl(62, command, T["victim_pid"], 0, 0) == 0:
            return f"ESCAPED: {command}"
    return "contained"
