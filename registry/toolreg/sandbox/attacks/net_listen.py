"""Listen where others could connect."""

META = {"group": "network", "seen": "listen:"}


def attack():
    import socket

    try:
        server = socket.socket()
        server.bind(("0.0.0.0", T["listen_port"]))
        server.listen()
        server.settimeout(0.5)
        server.accept()
    except OSError as error:
        return f"contained: {error}"
    return "ESCAPED: somebody came"
