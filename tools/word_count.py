import re
from collections import Counter

from smolagents import tool

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


@tool
def word_count(text: str, top: int = 5) -> dict:
    """Count the words, sentences and lines of a text and name its most frequent words.

    Side effects: none

    Args:
        text: The text to count, in any language that separates words by spaces.
        top: How many of the most frequent words to list, 0 to 100.

    Returns:
        Mapping with the numbers `words`, `distinct`, `sentences`, `lines` and `characters`, and `top`,
        a list of `[word, count]` in lower case, the most frequent first, ties by alphabet.

    Raises:
        ValueError: `top` is not between 0 and 100.

    Examples:
        >>> word_count("To be, or not to be. That is the question!", top=2)["top"]
        [['be', 2], ['to', 2]]
        >>> word_count("To be, or not to be. That is the question!")["sentences"]
        2
        >>> word_count("one", top=101)
        Traceback (most recent call last):
        ValueError: top must be between 0 and 100, not 101
    """
    if not 0 <= top <= 100:
        raise ValueError(f"top must be between 0 and 100, not {top}")
    words = [word.lower() for word in WORD.findall(text)]
    ranked = sorted(Counter(words).items(), key=lambda entry: (-entry[1], entry[0]))
    return {
        "words": len(words),
        "distinct": len(set(words)),
        "sentences": len([part for part in re.split(r"[.!?…]+", text) if WORD.search(part)]),
        "lines": len(text.splitlines()),
        "characters": len(text),
        "top": [list(entry) for entry in ranked[:top]],
    }
