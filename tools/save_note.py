from smolagents import tool


@tool
def save_note(path: str, text: str, append: bool = False) -> str:
    """Write a note to a text file, so that later steps or people can read it.

    Side effects:
        write: {path}

    Args:
        path: File to write in an existing folder, e.g. "findings.md".
        text: What to write, in Markdown or plain text; it ends with a line break in the file.
        append: Add the note to the end of the file instead of replacing what stands there.

    Returns:
        One line that says where the note went and how many characters were written.

    Raises:
        FileNotFoundError: The folder does not exist.

    Examples:
        >>> save_note("findings.md", "# Findings")
        'findings.md: 11 characters written'
        >>> save_note("findings.md", "- it works", append=True)
        'findings.md: 11 characters added'
    """
    note = text if text.endswith("\n") else text + "\n"
    with open(path, "a" if append else "w", encoding="utf-8") as file:
        file.write(note)
    return f"{path}: {len(note)} characters {'added' if append else 'written'}"
