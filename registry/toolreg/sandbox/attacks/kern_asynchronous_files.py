"""Read and write through the older asynchronous calls."""

META = {"group": "kernel interfaces"}


def attack():
    context = ctypes.create_string_buffer(8)
    return "ESCAPED: a context was made" if sysc("io_setup", 8, ctypes.addressof(context))[0] == 0 else "contained"
