"""Open below a descriptor of the root."""

META = {"group": "observation", "seen": "read:{secret_file}"}


def attack():
    handle = os.open("/", os.O_PATH)
    try:
        os.open(T["secret_file"].lstrip("/"), os.O_RDONLY, dir_fd=handle)
    except OSError as error:
        return f"contained: {error}"
    return "ESCAPED"
