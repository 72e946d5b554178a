"""Symlink inside the writable dir to a host dir, write through it."""

META = {"group": "files", "seen": "write:", "check": "host_dir_empty"}


def attack():
    try:
        os.makedirs(T["work"], exist_ok=True); os.symlink(T["host_dir"], T["work"] + "/out"); open(T["work"] + "/out/pwned2", "w").write("x")
    except OSError as e: return f"contained: {e}"
    return "CHECK: wrote through symlink"
