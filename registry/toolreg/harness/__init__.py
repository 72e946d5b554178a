"""Cases of a tool, tried in the sandbox: examples, with example files and a network that answers."""

from toolreg.harness.budget import FULL, Budget
from toolreg.harness.cases import CallCase, Case, ExampleCase, Granted, example_case
from toolreg.harness.trial import CaseResult, Trial, try_tool

__all__ = [
    "FULL",
    "Budget",
    "CallCase",
    "Case",
    "CaseResult",
    "ExampleCase",
    "Granted",
    "Trial",
    "example_case",
    "try_tool",
]
