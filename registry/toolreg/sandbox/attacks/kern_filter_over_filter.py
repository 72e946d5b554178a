"""A rule set of one's own that allows again what was forbidden."""

META = {"group": "kernel interfaces", "seen": "read:{secret_file}"}


def attack():
    import struct
    made, _ = sysc("landlock_create_ruleset", struct.pack("QQQ", 0xFFFF, 0, 0), 8, 0)
    if made >= 0:
        for path in ("/", "/work", "."):
            try:
                handle = os.open(path, os.O_PATH)
            except OSError:
                continue
            sysc("landlock_add_rule", made, 1, struct.pack("=Qi", 0xFFFF & ~0, handle), 0)
        sysc("landlock_restrict_self", made, 0)
    try:
        return "ESCAPED" if T["secret"] in open(T["secret_file"]).read() else "contained"
    except OSError as error:
        return f"contained: {error}"
