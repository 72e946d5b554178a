"""Open raw devices."""

META = {"group": "files", "seen": "read:/dev/"}


def attack():
    for p in ("/dev/mem", "/dev/kmem", "/dev/port", "/dev/vda", "/dev/sda", "/dev/kvm", "/dev/fuse", "/dev/net/tun", "/dev/kmsg", "/dev/vhost-vsock", "/dev/uinput"):
        for m in (os.O_RDWR, os.O_RDONLY):
            try: os.open(p, m); return f"ESCAPED: opened {p}"
            except OSError: pass
    return "contained"
