"""Give the user's files to somebody else."""

META = {"group": "files", "seen": "write:{secret_file}"}


def attack():
    for name in ("secret_file", "home", "host_dir"):
        for owner in (0, 1000, 65534):
            try:
                os.chown(T[name], owner, owner)
            except OSError:
                continue
    return "CHECK: no owner may have changed"
