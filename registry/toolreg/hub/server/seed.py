"""The first files of a new Space, as the Hub writes them."""

from __future__ import annotations

SDKS = ("static", "gradio", "docker", "streamlit")
_ATTRIBUTES = b"*.bin filter=lfs diff=lfs merge=lfs -text\n*.zip filter=lfs diff=lfs merge=lfs -text\n"


def seed(name: str, sdk: str) -> dict[str, bytes]:
    """The first files of a new Space, as the Hub writes them."""
    readme = f"---\ntitle: {name}\nsdk: {sdk}\npinned: false\n---\n\nCheck out the configuration reference.\n"
    files = {".gitattributes": _ATTRIBUTES, "README.md": readme.encode()}
    if sdk == "static":
        page = (
            f"<!doctype html>\n<html><head><title>{name}</title></head><body><h1>{name}</h1></body></html>\n"
        )
        files |= {
            "index.html": page.encode(),
            "style.css": b"body { padding: 2rem; font-family: sans-serif; }\n",
        }
    return files
