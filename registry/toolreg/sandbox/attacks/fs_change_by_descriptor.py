"""Change a file that lies open for reading."""

META = {"group": "files", "check": "workspace_same", "effects": ["read: input.txt"]}


def attack():
    with open("input.txt") as file:
        for change in (lambda: os.fchmod(file.fileno(), 0o777), lambda: os.utime(file.fileno(), (1, 1)),
                       lambda: os.setxattr(file.fileno(), "user.own", b"1"), lambda: os.fchown(file.fileno(), 1, 1),
                       lambda: os.truncate(file.fileno(), 0)):
            try:
                change()
            except OSError:
                continue
    return "CHECK: the host's file must be as it was"
