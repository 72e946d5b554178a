"""Steal a descriptor of another process."""

META = {"group": "processes", "seen": "native:pidfd_open"}


def attack():
    r, e = sysc("pidfd_open", T["victim_pid"], 0)
    if r < 0: return f"contained: pidfd_open errno {e}"
    for f in (0, 1, 2, 3):
        q, e = sysc("pidfd_getfd", r, f, 0)
        if q >= 0: return "ESCAPED: pidfd_getfd"
    return f"contained: errno {e}"
