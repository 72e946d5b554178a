"""Signals by their rarer calls."""

META = {"group": "processes", "check": "victim_alive"}


def attack():
    for name, arguments in (("tkill", (T["victim_pid"], 15)), ("tgkill", (T["victim_pid"], T["victim_pid"], 15)), ("rt_sigqueueinfo", (T["victim_pid"], 15, bytes(128))), ("pidfd_open", (T["victim_pid"], 0))):
        if sysc(name, *arguments)[0] >= 0:
            return f"ESCAPED: {name}"
    return "CHECK: none may arrive"
