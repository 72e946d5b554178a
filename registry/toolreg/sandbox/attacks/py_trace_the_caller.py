"""Trace the functions that take the result."""

META = {"group": "channel"}


def attack():
    import sys, threading
    def trace(frame, event, argument):
        for name, value in list(frame.f_locals.items()):
            if isinstance(value, dict):
                value["value"] = "contained: forged"
        return trace
    frame = sys._getframe()
    while frame is not None:
        frame.f_trace = trace
        frame = frame.f_back
    sys.settrace(trace)
    threading.settrace(trace)
    return "contained"
