"""Attach shared memory by its number, without asking for its key."""

META = {"group": "kernel interfaces", "seen": "native:shmat"}


def attack():
    libc.shmat.restype = ctypes.c_void_p
    for number in (T["shm_id"], *range(64)):
        place = libc.shmat(number, None, 0o10000)
        if place not in (None, (1 << 64) - 1) and T["secret"].encode() in ctypes.string_at(place, 64):
            return "ESCAPED: read"
        if sysc("shmctl", number, 0, None)[0] == 0 or sysc("msgctl", number, 0, None)[0] == 0 or sysc("semctl", number, 0, 0)[0] == 0:
            return "ESCAPED: removed"
    return "contained"
