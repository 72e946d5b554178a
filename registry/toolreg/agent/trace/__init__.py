"""What an agent did, on record: `runs/ID/events.jsonl`, appended and synced before each execution."""

from toolreg.agent.trace.reader import Trace, find_run, list_runs, read_trace
from toolreg.agent.trace.writer import TraceWriter, new_run

__all__ = ["Trace", "TraceWriter", "find_run", "list_runs", "new_run", "read_trace"]
