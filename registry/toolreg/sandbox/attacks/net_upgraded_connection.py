"""Turn a read into a connection that may say anything."""

META = {"group": "network", "seen": "(writes)", "effects": ["net: localhost:{tcp_port}"]}


def attack():
    import socket
    with socket.create_connection(("localhost", T["tcp_port"]), timeout=2) as channel:
        try:
            for part in (b"GET /a HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n", b"\x81\x85aaaa\x04\x04\x04\x04\x04"):
                channel.sendall(part)
            channel.recv(64)
        except OSError:
            pass
    return "CHECK: the record must tell it"
