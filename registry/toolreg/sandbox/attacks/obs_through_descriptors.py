"""Names that pass through links to descriptors."""

META = {"group": "observation", "seen": "read:{secret_file}"}


def attack():
    handle = os.open("/", os.O_PATH)
    for start in (f"/dev/fd/{handle}", f"/proc/self/fd/{handle}", f"/proc/thread-self/fd/{handle}", f"/proc/self/task/{os.getpid()}/fd/{handle}", "/proc/self/cwd/.."):
        try:
            os.close(os.open(start + T["secret_file"], os.O_RDONLY))
            return f"ESCAPED: {start}"
        except OSError:
            pass
    return "contained"
