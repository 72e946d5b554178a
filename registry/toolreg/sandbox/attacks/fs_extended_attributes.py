"""Read and write the marks of the host's files."""

META = {"group": "files", "seen": "write:{secret_file}"}


def attack():
    found = []
    for read in (lambda: os.getxattr(T["tmp_file"], "user.secret"), lambda: os.getxattr(T["tmp_file"], "user.secret", follow_symlinks=False)):
        try:
            found.append(read())
        except OSError:
            continue
    for name in ("user.own", "security.selinux", "trusted.own", "system.posix_acl_access"):
        try:
            os.setxattr(T["secret_file"], name, b"x")
        except OSError:
            continue
    return "ESCAPED: a mark was read" if T["secret"].encode() in found else "contained"
