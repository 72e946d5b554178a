"""What one call may use up: time, memory, processes, disk, output."""

from __future__ import annotations

from dataclasses import asdict, dataclass

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one call; every one is enforced outside the tool's reach.

    wall and cpu in seconds; memory, file_size, disk, output and result in bytes. `memory` is address space
    for each process. `disk` bounds everything a call writes; `output` bounds what is kept of stdout and of
    stderr, the rest is dropped; `events` bounds how many observed system calls are kept in detail.
    """

    wall: float = 30.0
    cpu: int = 20
    memory: int = 1024 * MIB
    processes: int = 64
    open_files: int = 256
    file_size: int = 64 * MIB
    disk: int = 64 * MIB
    output: int = MIB
    result: int = 8 * MIB
    events: int = 20_000
    connections: int = 64

    def __post_init__(self) -> None:
        bad = [name for name, value in asdict(self).items() if value <= 0]
        if bad:
            raise ValueError(f"limits must be above zero: {', '.join(bad)}")
