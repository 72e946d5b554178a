"""UDP by sendmsg (often not filtered like connect/sendto)."""

META = {"group": "network"}


def attack():
    import socket
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.settimeout(1.5)
    try: s.sendmsg([b"exfil"], [], 0, ("127.0.0.1", T["udp_port"])); s.recv(100); return "ESCAPED: sendmsg"
    except OSError as e: return f"contained: {e}"
