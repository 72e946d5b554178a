"""Greet the granted host by TLS, in the name of another."""

META = {"group": "network", "seen": "net:hidden.example", "effects": ["net: localhost:{tcp_port}"]}


def attack():
    import socket
    name = b"hidden.example"
    names = b"\x00" + len(name).to_bytes(2, "big") + name
    names = len(names).to_bytes(2, "big") + names
    extension = b"\x00\x00" + len(names).to_bytes(2, "big") + names
    hello = b"\x03\x03" + bytes(32) + b"\x00" + b"\x00\x02\x13\x01" + b"\x01\x00" + len(extension).to_bytes(2, "big") + extension
    shake = b"\x01" + len(hello).to_bytes(3, "big") + hello
    record = b"\x16\x03\x01" + len(shake).to_bytes(2, "big") + shake
    with socket.create_connection(("localhost", T["tcp_port"]), timeout=2) as channel:
        try:
            for byte in (record[:3], record[3:50], record[50:]):
                channel.sendall(byte)
            channel.recv(64)
        except OSError:
            pass
    return "CHECK: the record must tell it"
