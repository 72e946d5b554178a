"""What a process may set for itself in /proc: score, grouping, memory, maps of users."""

META = {"group": "files"}


def attack():
    done = []
    for name, text in (("oom_score_adj", "-900"), ("oom_adj", "-15"), ("autogroup", "-20"), ("setgroups", "allow"), ("uid_map", "0 0 1"), ("gid_map", "0 0 1"), ("projid_map", "0 0 1"),
                       ("loginuid", "0"), ("attr/current", "unconfined"), ("attr/exec", "exec unconfined"), ("coredump_filter", "0xff"), ("sched", "0"), ("timens_offsets", "monotonic 9 0")):
        try:
            with open(f"/proc/self/{name}", "w") as file:
                file.write(text)
            done.append(name)
        except OSError:
            pass
    return f"ESCAPED: {done}" if done else "contained"
