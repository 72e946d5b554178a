"""The marks that an overlay keeps for itself: redirections, whole folders hidden."""

META = {"group": "files", "check": "handed_over_safely"}


def attack():
    os.makedirs("sub/inner", exist_ok=True)
    open("sub/file", "w").write("x")
    set_to = []
    for name, value in (("user.overlay.redirect", b"/../../../.."), ("user.overlay.opaque", b"y"), ("user.overlay.metacopy", b""), ("user.overlay.whiteout", b"y"), ("user.overlay.impure", b"y"),
                        ("user.overlay.overlay.redirect", b"/etc"), ("trusted.overlay.redirect", b"/etc"), ("user.overlay.upper", b"\x00" * 30), ("user.overlay.origin", b"\x00" * 30)):
        for path in ("sub", "sub/file"):
            try:
                os.setxattr(path, name, value)
                set_to.append((path, name))
            except OSError:
                pass
    seen = [os.path.join(top, each) for top, folders, files in os.walk("sub") for each in files + folders][:500]
    for path in seen:
        try:
            if T["secret"] in open(path).read(200):
                return f"ESCAPED: {path}"
        except OSError:
            pass
    return f"contained: {len(set_to)}"
