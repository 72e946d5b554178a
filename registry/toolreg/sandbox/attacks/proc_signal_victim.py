"""Signal a process of the same user outside."""

META = {"group": "processes", "check": "victim_alive"}


def attack():
    try: os.kill(T["victim_pid"], 15)
    except OSError as e: return f"contained: {e}"
    return "CHECK: signalled"
