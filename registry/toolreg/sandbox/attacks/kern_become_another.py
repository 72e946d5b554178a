"""Become root, another user, a member of other groups."""

META = {"group": "kernel interfaces"}


def attack():
    was = os.getresuid(), os.getresgid()
    for change in (lambda: os.setresuid(0, 0, 0), lambda: os.setresuid(65534, 65534, 65534), lambda: os.setgroups([0, 27]), lambda: os.setresgid(0, 0, 0), lambda: os.setreuid(33, 33), lambda: libc.setfsuid(0), lambda: libc.setfsgid(0)):
        try:
            change()
        except OSError:
            pass
    if (os.getresuid(), os.getresgid()) != was:
        return f"ESCAPED: {os.getresuid()}"
    try:
        return "ESCAPED" if T["secret"] in open(T["secret_file"]).read() else "contained"
    except OSError as error:
        return f"contained: {error}"
