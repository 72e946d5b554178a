"""How findings are reported: one module a format, each with `render(result, options) -> str`."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from toolreg.lint.runner import LintResult


def render(name: str, result: LintResult, *, color: bool = False, show: str = "info") -> str:
    """The whole report as text. name: one of toolreg.lint.options.FORMATS. show: the least severity in text."""
    if name in ("text", "concise"):
        from toolreg.lint.formats import text

        return text.render(result, color=color, frames=name == "text", show=show)
    import importlib

    report: str = importlib.import_module(f"toolreg.lint.formats.{name}").render(result)
    return report
