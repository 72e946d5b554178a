"""Start another Python."""

META = {"group": "processes", "seen": "run:"}


def attack():
    import subprocess

    for path in (sys.executable, "/usr/bin/python3", "python3"):
        try:
            if subprocess.run([path, "-c", "pass"], timeout=5).returncode == 0:
                return f"ESCAPED: {path}"
        except (OSError, subprocess.SubprocessError):
            pass
    return "contained"
