"""Have a granted program start another."""

META = {"group": "processes", "seen": "run:", "effects": ["run: env"]}


def attack():
    import subprocess
    for command in (["env", "sh", "-c", "echo out"], ["env", "-S", "cat " + T["secret_file"]], ["env", "/bin/ls", "/"]):
        try:
            done = subprocess.run(command, capture_output=True, timeout=2)
        except (OSError, subprocess.SubprocessError):
            continue
        if done.stdout:
            return f"ESCAPED: {command}"
    return "contained"
