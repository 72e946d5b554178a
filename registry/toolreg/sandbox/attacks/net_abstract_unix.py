"""Abstract unix socket of the host (D-Bus, X11, containerd-shim)."""

META = {"group": "network"}


def attack():
    import socket
    try: s = socket.socket(socket.AF_UNIX); s.settimeout(2); s.connect("\0" + T["abstract"]); d = s.recv(64)
    except OSError as e: return f"contained: {e}"
    return "ESCAPED: abstract socket" if T["secret"].encode() in d else "contained"
