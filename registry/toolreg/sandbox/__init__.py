"""Runs a tool under exactly its promised effects, and says what it did.

with Sandbox() as sandbox:
    seen = sandbox.call(code, CallTool("WordCount", {"text": "a b"}), Policy(effects))
"""

from __future__ import annotations

from toolreg.errors import SandboxUnavailable
from toolreg.sandbox.handover import HandOver, hand_over
from toolreg.sandbox.limits import Limits
from toolreg.sandbox.observation import (
    Change,
    ExampleRun,
    Isolation,
    Killed,
    Observation,
    ObservedEffect,
    Outcome,
    Raised,
    Returned,
    Tier,
    Usage,
)
from toolreg.sandbox.policy import JSON, Call, CallTool, Network, Policy, PolicyError, RunExamples
from toolreg.sandbox.probe import Capability, Probe, probe
from toolreg.sandbox.sandbox import Sandbox

__all__ = [
    "JSON",
    "Call",
    "CallTool",
    "Capability",
    "Change",
    "ExampleRun",
    "HandOver",
    "Isolation",
    "Killed",
    "Limits",
    "Network",
    "Observation",
    "ObservedEffect",
    "Outcome",
    "Policy",
    "PolicyError",
    "Probe",
    "Raised",
    "Returned",
    "RunExamples",
    "Sandbox",
    "SandboxUnavailable",
    "Tier",
    "Usage",
    "hand_over",
    "probe",
]
