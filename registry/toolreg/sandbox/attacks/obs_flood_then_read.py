"""Exhaust the record, then read."""

META = {"group": "observation", "check": "dropped_is_said"}


def attack():
    for _ in range(800):
        try:
            os.close(os.open("/nowhere", os.O_RDONLY))
        except OSError:
            pass
    try:
        return "ESCAPED" if T["secret"] in open(T["secret_file"]).read() else "contained"
    except OSError as error:
        return f"contained: {error}"
