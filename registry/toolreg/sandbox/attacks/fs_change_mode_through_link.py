"""Change a mode through a link in the workspace."""

META = {"group": "files", "seen": "write:{tmp_file}"}


def attack():
    os.symlink(T["tmp_file"], "link")
    os.symlink(os.path.dirname(T["tmp_file"]), "folder")
    for path in ("link", "folder/" + os.path.basename(T["tmp_file"]), "folder/home"):
        for change in (lambda: os.chmod(path, 0o777), lambda: os.utime(path, (1, 1))):
            try:
                change()
            except OSError:
                continue
    return "CHECK: no mode may have changed"
