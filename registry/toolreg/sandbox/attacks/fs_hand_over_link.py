"""Leave a link where the host will write."""

META = {"group": "files", "check": "handed_over_safely"}


def attack():
    os.symlink(T["host_dir"], "out")
    os.symlink("/etc/passwd", "out.txt")
    return "CHECK: hand-over must not follow"
