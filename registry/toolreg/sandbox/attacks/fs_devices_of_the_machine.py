"""Open memory, disks and drivers."""

META = {"group": "files", "seen": ":/dev/mem"}


def attack():
    opened = []
    for name in ("mem", "kmem", "port", "kmsg", "fuse", "kvm", "loop-control", "loop0", "sda", "vda", "nvme0n1", "net/tun", "vhost-net", "vhost-vsock",
                 "uinput", "input/event0", "tty", "tty0", "console", "ptmx", "hpet", "cuse", "userfaultfd", "mapper/control", "snd/timer", "dri/card0", "ppp"):
        for flags in (os.O_RDONLY, os.O_RDWR, os.O_WRONLY):
            try:
                os.close(os.open("/dev/" + name, flags | os.O_NONBLOCK | os.O_NOCTTY))
                opened.append(name)
            except OSError:
                continue
    return f"ESCAPED: {opened}" if opened else "contained"
