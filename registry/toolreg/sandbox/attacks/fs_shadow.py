"""Read the machine's accounts."""

META = {"group": "files", "seen": "read:/etc/"}


def attack():
    for path in ("/etc/shadow", "/etc/gshadow", "/etc/sudoers", "/etc/ssh/ssh_host_ed25519_key"):
        try:
            return f"ESCAPED: {path}: {open(path).read(10)}"
        except OSError:
            pass
    text = open("/etc/passwd").read() if os.path.exists("/etc/passwd") and os.access("/etc/passwd", os.R_OK) else ""
    try:
        text = open("/etc/passwd").read()
    except OSError:
        return "contained"
    return "ESCAPED: real accounts" if "root:" in text else "contained"
