"""Fill /dev/shm."""

META = {"group": "resources"}


def attack():
    count = 0
    try:
        for number in range(200):
            with open(f"/dev/shm/fill{number}", "wb") as file:
                file.write(bytes(1 << 20))
            count += 1
    except OSError:
        return f"contained: {count} MiB"
    return "ESCAPED: 200 MiB"
