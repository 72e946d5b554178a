"""Find addresses in another process."""

META = {"group": "processes"}


def attack():
    place = ctypes.create_string_buffer(16)
    result, _ = sysc("get_robust_list", T["victim_pid"], ctypes.addressof(place), ctypes.addressof(place) + 8)
    return "ESCAPED: its list was given" if result == 0 else "contained"
