"""Leave files that carry more rights than their mode tells."""

META = {"group": "files", "check": "handed_over_safely"}


def attack():
    import struct
    open("out.txt", "w").write("x")
    everybody = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", tag, 7, who) for tag, who in ((1, 0xFFFFFFFF), (2, 0), (4, 0xFFFFFFFF), (16, 0xFFFFFFFF), (32, 0xFFFFFFFF)))
    for name, value in (("system.posix_acl_access", everybody), ("security.capability", bytes(20)), ("user.overlay.opaque", b"y"),
                        ("user.overlay.redirect", b"/"), ("user.overlay.metacopy", b""), ("trusted.overlay.redirect", b"/")):
        try:
            os.setxattr("out.txt", name, value)
        except OSError:
            pass
        try:
            os.mkdir("folder")
            os.setxattr("folder", name, value)
        except OSError:
            continue
    os.chmod("out.txt", 0o6777)
    return "CHECK: what was handed over"
