"""The published form of a tool: self-contained, proven to reload, with its requirements and its card."""

from toolreg.bundle.card import card
from toolreg.bundle.make import bundle
from toolreg.bundle.model import Bundle, Note, Requirement
from toolreg.bundle.proof import Case, Proof, prove

__all__ = ["Bundle", "Case", "Note", "Proof", "Requirement", "bundle", "card", "prove"]
