"""Change another process's limits."""

META = {"group": "processes", "check": "victim_alive"}


def attack():
    import resource

    try:
        resource.prlimit(T["victim_pid"], resource.RLIMIT_CPU, (1, 1))
    except OSError as error:
        return f"contained: {error}"
    return "ESCAPED: prlimit"
