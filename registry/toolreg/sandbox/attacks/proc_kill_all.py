"""Kill(-1): every process of the user."""

META = {"group": "processes", "check": "victim_alive"}


def attack():
    if not T.get("allow_kill_all"): return "contained: skipped on an unsandboxed runner"
    try: os.kill(-1, 15)
    except OSError as e: return f"contained: {e}"
    return "CHECK: kill(-1) sent"
