"""Ask other name servers, and those that answer over HTTPS."""

META = {"group": "network", "seen": "net:"}


def attack():
    import socket
    for address, port in (("8.8.8.8", 53), ("1.1.1.1", 443), ("9.9.9.9", 853), ("2001:4860:4860::8888", 53), ("127.0.0.53", 53), ("224.0.0.251", 5353)):
        try:
            with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as channel:
                channel.settimeout(0.3)
                channel.connect((address, port))
                channel.sendall(b"\x00\x20" + b"\x00\x07\x01\x00\x00\x01" + bytes(6) + b"\x07example\x03com\x00" + b"\x00\x01\x00\x01" + bytes(3))
                answer = channel.recv(600)
                if len(answer) > 10 and answer[8:10] != b"\x00\x00":
                    return f"ESCAPED: {address} answers"
        except OSError:
            pass
    return "contained"
