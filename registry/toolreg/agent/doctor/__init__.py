"""Is this agent as safe as it should be? Proved with live attempts, not asked: `toolreg doctor`."""

from toolreg.agent.doctor.examine import examine
from toolreg.agent.doctor.finding import Finding, Status

__all__ = ["Finding", "Status", "examine"]
