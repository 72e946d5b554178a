from smolagents import tool

@tool
def uses_many(text: str) -> str:
    """Do it.

    Args:
        text: The text.
    """
    rows = [(i, (k, v)) for i, (k, v) in enumerate(zip(text, text[::-1]))]
    if (n := len(rows)) > 1:
        first, *rest = rows
        return f"{n}{first}{rest}{sum(i for i, _ in rows)}{[x for x in (y for y in text)]}"
    return "short"
