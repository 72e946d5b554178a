"""Make a file without a name on the host, then give it one."""

META = {"group": "files", "seen": "write:{host_dir}"}


def attack():
    made = []
    for folder in (T["host_dir"], T["home"], "/usr/lib", "/etc"):
        try:
            handle = os.open(folder, os.O_TMPFILE | os.O_RDWR)
        except OSError:
            continue
        os.write(handle, b"x")
        try:
            os.link(f"/proc/self/fd/{handle}", T["host_dir"] + "/made", follow_symlinks=True)
        except OSError:
            pass
        made.append(folder)
    return f"ESCAPED: {made}" if made else "contained"
