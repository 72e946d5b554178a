"""Use the loader of a granted program to run another."""

META = {"group": "processes", "effects": ["run: sleep"]}


def attack():
    import subprocess

    for loader in ("/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"):
        try:
            if subprocess.run([loader, "/usr/bin/id", "-u"], capture_output=True, timeout=5).returncode == 0:
                return "ESCAPED: id ran"
        except (OSError, subprocess.SubprocessError):
            pass
    return "contained"
