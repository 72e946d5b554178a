"""Process_vm_readv / /proc/pid/mem of a process outside."""

META = {"group": "processes", "seen": "native:process_vm_readv"}


def attack():
    import struct
    b = ctypes.create_string_buffer(64); l = struct.pack("QQ", ctypes.addressof(b), 8); addr = T.get("victim_addr", 0x400000)
    r, e = sysc("process_vm_readv", T["victim_pid"], l, 1, struct.pack("QQ", addr, 8), 1, 0)
    if r > 0 or e == 14: return f"ESCAPED: process_vm_readv allowed ({r},{e})"
    try: os.open(f"/proc/{T['victim_pid']}/mem", os.O_RDONLY); return "ESCAPED: opened /proc/pid/mem"
    except OSError as x: return f"contained: {e} {x}"
