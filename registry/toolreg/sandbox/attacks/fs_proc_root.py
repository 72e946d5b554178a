"""/proc/*/root and /proc/*/cwd of every visible process."""

META = {"group": "files", "seen": "read:"}


def attack():
    for p in ["self", "1", str(os.getppid())] + [x for x in (os.listdir("/proc") if os.path.isdir("/proc") else []) if x.isdigit()][:200]:
        for l in ("root", "cwd"):
            for up in ("", "/..", "/../..", "/../../.."):
                try:
                    if T["secret"] in open(f"/proc/{p}/{l}{up}{T['secret_file']}").read(): return f"ESCAPED: /proc/{p}/{l}{up}"
                except OSError: pass
    return "contained"
