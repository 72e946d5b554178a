"""Names that some resolvers take for this machine."""

META = {"group": "network", "seen": "net:"}


def attack():
    import socket
    names = ("localhost.", "LocalHost", "localhost.localdomain", "ip6-localhost", "127.0.0.1.nip.io", "127\u30020\u30020\u30021", "\uff4cocalhost",
             "host.docker.internal", "_gateway", T["local_name"], "169.254.169.254.xip.io", "metadata.google.internal")
    for name in names:
        try:
            with socket.create_connection((name, T["tcp_port"]), timeout=0.3) as channel:
                if T["secret"].encode() in channel.recv(64):
                    return f"ESCAPED: {name}"
        except (OSError, UnicodeError):
            pass
    return "contained"
