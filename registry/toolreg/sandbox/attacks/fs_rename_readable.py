"""Rename and unlink a file that may only be read."""

META = {"group": "files", "seen": "write:input.txt", "check": "workspace_same", "effects": ["read: input.txt"]}


def attack():
    for attempt in (lambda: os.rename("input.txt", "moved"), lambda: os.unlink("input.txt"), lambda: os.chmod("input.txt", 0o777), lambda: os.utime("input.txt", (0, 0))):
        try:
            attempt()
        except OSError:
            pass
    return "CHECK: the host's file must be as it was"
