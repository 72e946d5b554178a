"""Multicast and broadcast on the local network."""

META = {"group": "network"}


def attack():
    import socket

    sent = 0
    for address in ("224.0.0.251", "255.255.255.255", "239.255.255.250"):
        try:
            channel = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            channel.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            channel.sendto(b"x", (address, T["udp_port"]))
            sent += 1
        except OSError:
            pass
    return "contained" if T["own_network"] or not sent else "ESCAPED: sent"
