"""The machine's own doors: Docker, D-Bus, the journal, containers."""

META = {"group": "network"}


def attack():
    import socket
    for path in ("/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock", "/run/podman/podman.sock", "/run/dbus/system_bus_socket", "/run/systemd/private",
                 "/run/systemd/journal/socket", "/dev/log", "/tmp/.X11-unix/X0", "/run/user/0/bus", "/run/snapd.socket", "/var/run/nscd/socket"):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            try:
                with socket.socket(socket.AF_UNIX, kind) as channel:
                    channel.connect(path)
                    return f"ESCAPED: {path}"
            except OSError:
                pass
    return "contained"
