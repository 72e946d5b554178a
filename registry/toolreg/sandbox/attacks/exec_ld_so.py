"""Run a program through ld.so (defeats exec deny-lists)."""

META = {"group": "processes", "seen": "run:*"}


def attack():
    import subprocess
    try:
        r = subprocess.run(["/lib64/ld-linux-x86-64.so.2", "/usr/bin/id", "-u"], capture_output=True, timeout=5)
        return "ESCAPED: ld.so" if r.returncode == 0 else "contained"
    except Exception as e: return f"contained: {type(e).__name__}"
