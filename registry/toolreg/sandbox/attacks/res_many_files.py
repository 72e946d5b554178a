"""More files in the workspace than anybody wants to see."""

META = {"group": "resources", "check": "handed_over_safely"}


def attack():
    count = 0
    try:
        for number in range(2_500):
            os.close(os.open(f"f{number}", os.O_CREAT | os.O_WRONLY))
            count += 1
    except OSError:
        pass
    return f"contained: {count} files"
