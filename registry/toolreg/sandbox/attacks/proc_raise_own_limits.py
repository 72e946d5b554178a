"""Raise one's own limits again."""

META = {"group": "processes"}


def attack():
    import resource

    for name in ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_NOFILE", "RLIMIT_FSIZE", "RLIMIT_CORE"):
        number = getattr(resource, name)
        try:
            resource.setrlimit(number, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            return f"ESCAPED: {name} raised"
        except (OSError, ValueError):
            pass
    return "contained"
