"""UDP to a granted host, as QUIC would."""

META = {"group": "network", "effects": ["net: localhost:{udp_port}"]}


def attack():
    import socket
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as channel:
            channel.settimeout(0.5)
            for host in ("localhost", "127.0.0.1"):
                channel.connect((host, T["udp_port"]))
                channel.send(b"\xc0\x00\x00\x00\x01")
                if T["secret"].encode() in channel.recv(64):
                    return "ESCAPED: a datagram came back"
    except OSError as error:
        return f"contained: {error}"
    return "contained"
