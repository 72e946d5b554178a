"""Write kernel settings."""

META = {"group": "files", "seen": "write:/proc/"}


def attack():
    for path in ("/proc/sys/kernel/core_pattern", "/proc/sys/kernel/modprobe", "/proc/sysrq-trigger", "/proc/sys/vm/overcommit_memory", "/proc/sys/kernel/pid_max", "/sys/kernel/uevent_helper"):
        try:
            with open(path, "w"):
                return f"ESCAPED: {path} is writable"
        except OSError:
            pass
    return "contained"
