"""Devices that make other machines, memory and networks."""

META = {"group": "kernel interfaces", "seen": "read:/dev/"}


def attack():
    opened = []
    for name in ("kvm", "fuse", "net/tun", "userfaultfd", "vhost-vsock", "vhost-net", "loop-control", "uinput", "mem", "port", "kmsg", "uhid", "snapshot", "autofs", "btrfs-control", "mapper/control", "ppp",
                 "rfkill", "hpet", "rtc0", "ptmx", "pts/ptmx", "console", "tty", "vsock", "cuse", "mcelog", "cpu_dma_latency", "nvram", "ptp0", "dri/card0", "nvidia0", "input/event0", "watchdog"):
        for flags in (os.O_RDONLY, os.O_RDWR):
            try:
                os.close(os.open("/dev/" + name, flags | os.O_NONBLOCK))
                opened.append(name)
            except OSError:
                pass
    return f"ESCAPED: {opened}" if opened else "contained"
