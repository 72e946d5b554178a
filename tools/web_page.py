import requests
from bs4 import BeautifulSoup
from markdownify import MarkdownConverter
from smolagents import tool

UNREAD = ["head", "script", "style", "noscript", "template"]


@tool
def web_page(url: str, max_characters: int = 20_000) -> str:
    """Read a web page and return its text as Markdown.

    Only the host of `url` is contacted: a redirect to another host is an error that names it, so that the page
    can be asked for by its real address.

    Side effects:
        net: {url}

    Args:
        url: Address of the page, e.g. "https://example.com/docs".
        max_characters: Length at which the text is cut, in characters, 100 to 200,000.

    Returns:
        The page in Markdown, without scripts and styles; a last line says so where it was cut.

    Raises:
        ValueError: The page redirects to another host, or is no text.
        requests.RequestException: The page cannot be reached or answers with an error.

    Examples:
        >>> print(web_page("https://example.com/"))
        # Example Domain
        <BLANKLINE>
        A page for examples.
        <BLANKLINE>
        [Learn more](https://example.com/more)
        >>> web_page("https://example.com/moved")
        Traceback (most recent call last):
        ValueError: https://example.com/moved redirects to https://elsewhere.example/
    """
    response = requests.get(
        url, timeout=20, allow_redirects=False, headers={"Accept": "text/html, text/plain"}
    )
    if response.is_redirect:
        raise ValueError(f"{url} redirects to {response.headers['location']}")
    response.raise_for_status()
    kind = response.headers.get("content-type", "")
    if not kind.startswith("text/"):
        raise ValueError(f"{url} is no text but {kind or 'of unknown type'}")
    text = response.text
    if "html" in kind:
        soup = BeautifulSoup(text, "html.parser")
        for element in soup(UNREAD):
            element.decompose()
        text = MarkdownConverter(heading_style="ATX").convert_soup(soup)
    lines = [line.rstrip() for line in text.strip().splitlines()]
    page = "\n".join(line for n, line in enumerate(lines) if line or lines[n - 1])
    limit = max(100, min(max_characters, 200_000))
    return page if len(page) <= limit else f"{page[:limit]}\n[cut at {limit} of {len(page)} characters]"
