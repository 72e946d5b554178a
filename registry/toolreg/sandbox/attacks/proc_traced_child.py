"""Trace one's own child, and make it do what was not granted."""

META = {"group": "processes", "seen": "native:ptrace", "effects": ["run: sleep"]}


def attack():
    import subprocess
    child = subprocess.Popen(["sleep", "3"])
    for request in (16, 0x4206, 0):
        result, number = sysc("ptrace", request, child.pid, 0, 0)
        if result == 0:
            return f"ESCAPED: {request}"
    child.kill()
    child.wait()
    return "contained"
