"""Have a timer send the signal."""

META = {"group": "processes"}


def attack():
    import struct
    event = struct.pack("QiiiI", 0, 9, 4, T["victim_pid"], 0) + bytes(48)
    number = ctypes.create_string_buffer(8)
    made = libc.timer_create(1, event, number)
    if made == 0:
        libc.timer_settime(ctypes.c_void_p.from_buffer(number), 0, struct.pack("qqqq", 0, 0, 0, 1000), None)
    import time
    time.sleep(0.2)
    return "CHECK: the victim must live"
