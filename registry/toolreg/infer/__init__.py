"""What a tool's code can do, read from its source and never run.

infer(tool)      effects with file, line and call path; what stayed unresolved, with reasons
calls_of(tool)   the API calls it can reach, resolved through aliases, clients and helpers
files_of(module) the other files that the answers rest on
forget(module)   let go of all that was worked out, where many modules are read in turn
"""

from toolreg.infer.infer import calls_of, files_of, forget, infer
from toolreg.infer.machine import InferOptions
from toolreg.infer.model import Evidence, Inference, ResolvedCall, Unresolved

__all__ = [
    "Evidence",
    "InferOptions",
    "Inference",
    "ResolvedCall",
    "Unresolved",
    "calls_of",
    "files_of",
    "forget",
    "infer",
]
