"""See the host's interfaces."""

META = {"group": "network"}


def attack():
    import socket
    try: n = [x[1] for x in socket.if_nameindex()]
    except OSError as e: return f"contained: {e}"
    return f"ESCAPED: sees {n}" if set(n) - {"lo"} & set(T["ifaces"]) else f"contained: {n}"
