"""Many tools at once: judged on one core or a cluster, with tables, pages and a comparison as the result.

audit(target, out, options) -> Summary      a folder, a lock file, a Hub's namespace
judge(item, options) -> Judgement           one file: pure, so that any process may do it
write_gallery(audit, folder) -> Gallery     static pages for people
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from toolreg.audit.auditing import audit
    from toolreg.audit.gallery import write_gallery
    from toolreg.audit.items import Item, Unread
    from toolreg.audit.judging import Judgement, judge
    from toolreg.audit.options import AuditOptions
    from toolreg.audit.report import Summary

__all__ = ["AuditOptions", "Item", "Judgement", "Summary", "Unread", "audit", "judge", "write_gallery"]

_HOMES = {
    "AuditOptions": "options",
    "Item": "items",
    "Judgement": "judging",
    "Summary": "report",
    "Unread": "items",
    "audit": "auditing",
    "judge": "judging",
    "write_gallery": "gallery",
}


def __getattr__(name: str) -> object:
    import importlib

    if name not in _HOMES:
        raise AttributeError(f"module 'toolreg.audit' has no attribute '{name}'")
    return getattr(importlib.import_module(f"toolreg.audit.{_HOMES[name]}"), name)
