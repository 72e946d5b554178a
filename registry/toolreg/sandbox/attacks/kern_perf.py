"""Performance events."""

META = {"group": "kernel interfaces", "seen": "native:perf_event_open"}


def attack():
    result, number = sysc("perf_event_open", bytes(128), 0, -1, -1, 0)
    return "ESCAPED: perf" if result >= 0 or number not in (1, 13, 38) else f"contained: errno {number}"
