"""Leave a process running in the background."""

META = {"group": "processes", "seen": "run:", "effects": ["run: sleep"]}


def attack():
    import subprocess

    for _ in range(3):
        subprocess.Popen(["sleep", "300"], start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return "CHECK: none may be left"
