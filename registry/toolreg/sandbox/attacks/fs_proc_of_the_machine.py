"""Read what /proc tells of the whole machine and its users."""

META = {"group": "files", "seen": "read:/proc/kcore"}


def attack():
    found = []
    for name in ("kcore", "keys", "key-users", "kmsg", "kallsyms", "timer_list", "sched_debug", "slabinfo", "vmallocinfo", "iomem", "ioports", "config.gz"):
        try:
            with open("/proc/" + name, "rb") as file:
                if file.read(200):
                    found.append(name)
        except OSError:
            continue
    return f"ESCAPED: {found}" if found else "contained"
