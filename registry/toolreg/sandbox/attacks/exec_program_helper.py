"""Have a granted program start a shell."""

META = {"group": "processes", "seen": "run:", "effects": ["run: git"]}


def attack():
    import subprocess

    done = subprocess.run(["git", "-c", "alias.x=!echo pwned", "x"], capture_output=True, text=True, timeout=5)
    return "ESCAPED: a shell ran" if "pwned" in done.stdout else "contained"
