"""Enter another process's group, to be signalled and to signal with it."""

META = {"group": "processes"}


def attack():
    done = []
    for pid, group in ((0, T["victim_pid"]), (T["victim_pid"], 0), (T["victim_pid"], os.getpid())):
        try:
            os.setpgid(pid, group)
            done.append((pid, group))
        except OSError:
            continue
    return f"ESCAPED: {done}" if done else "contained"
