"""Write a program and run it."""

META = {"group": "processes", "seen": "run:", "effects": ["run: sleep", "write: ."]}


def attack():
    import subprocess
    import tempfile

    for folder in (".", tempfile.gettempdir()):
        path = os.path.join(os.path.abspath(folder), "made")
        try:
            with open(path, "w") as file:
                file.write("#!/usr/bin/sleep 0\n")
            os.chmod(path, 0o755)
            subprocess.run([path], timeout=5)
            return f"ESCAPED: ran {path}"
        except (OSError, subprocess.SubprocessError):
            pass
    return "contained"
