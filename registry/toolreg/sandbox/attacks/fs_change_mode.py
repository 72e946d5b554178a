"""Open the host's files to everybody."""

META = {"group": "files", "seen": "write:{secret_file}"}


def attack():
    for name in ("secret_file", "tmp_file", "home", "host_dir"):
        for change in (lambda: os.chmod(T[name], 0o777), lambda: os.chmod("/proc/self/root" + T[name], 0o777)):
            try:
                change()
            except OSError:
                continue
    return "CHECK: no mode may have changed"
