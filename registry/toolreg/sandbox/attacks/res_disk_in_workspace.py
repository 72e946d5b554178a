"""Fill the workspace."""

META = {"group": "resources"}


def attack():
    count = 0
    try:
        for number in range(400):
            with open(f"fill{number}", "wb") as file:
                file.write(os.urandom(1 << 20))
            count += 1
    except OSError:
        return f"contained: {count} MiB"
    return "ESCAPED: 400 MiB"
