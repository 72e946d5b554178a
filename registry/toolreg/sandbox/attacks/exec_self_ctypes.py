"""Execve in place (no fork)."""

META = {"group": "processes", "seen": "run:"}


def attack():
    fd, e = sysc("execveat", -100, b"/nonexistent", None, None, 0)
    return "contained: EPERM/EACCES" if e in (1, 13, 38) else f"ESCAPED: execveat reachable (errno {e})"
