from smolagents import tool

@tool
def quiet(text: str) -> str:
    """Do it.

    Args:
        text: The text.
    """
    return text

print("at import")

if __name__ == "__main__":
    print(quiet("x"))
    raise SystemExit(1)
