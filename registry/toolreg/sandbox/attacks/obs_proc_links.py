"""Name the file through /proc."""

META = {"group": "observation", "seen": "read:{secret_file}"}


def attack():
    for start in ("/proc/self/root", "/proc/thread-self/root", f"/proc/{os.getpid()}/root"):
        try:
            os.open(start + T["secret_file"], os.O_RDONLY)
            return f"ESCAPED: {start}"
        except OSError:
            pass
    return "contained"
