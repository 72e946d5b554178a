"""Secrets in the environment of other processes."""

META = {"group": "processes", "seen": "read:/proc"}


def attack():
    for p in [str(T["victim_pid"]), str(os.getppid()), "1"] + [x for x in (os.listdir("/proc") if os.path.isdir("/proc") else []) if x.isdigit()][:300]:
        try:
            if T["secret"].encode() in open(f"/proc/{p}/environ", "rb").read(): return f"ESCAPED: /proc/{p}/environ"
        except OSError: pass
    return "contained"
