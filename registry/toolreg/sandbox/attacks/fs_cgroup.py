"""Move self to another cgroup / set a release agent."""

META = {"group": "files"}


def attack():
    for r, d, f in os.walk("/sys/fs/cgroup") if os.path.isdir("/sys/fs/cgroup") else []:
        for n in ("cgroup.procs", "release_agent", "notify_on_release"):
            if n in f:
                try: os.close(os.open(os.path.join(r, n), os.O_WRONLY)); return f"ESCAPED: {r}/{n}"
                except OSError: pass
    return "contained"
