"""Static pages for people: an index to search and filter, and a page for every tool. No server, no outside request."""

from toolreg.audit.gallery.pages import write_gallery

__all__ = ["write_gallery"]
