"""Classic BPF for seccomp, put together from small blocks that need no jump counted by hand.

A block tests one system call and ends it with a verdict. Inside, every test is "if so, this verdict", and the
next line follows if not; so blocks and tests can be put together in any order.
"""

from __future__ import annotations

import errno
import struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


ALLOW, KILL, NOTIFY = 0x7FFF0000, 0x80000000, 0x7FC00000
_LOAD, _RETURN, _JUMP_EQUAL, _JUMP_AT_LEAST, _JUMP_BITS, _AND = 0x20, 0x06, 0x15, 0x35, 0x45, 0x54
_JUMP = 0x05
_FEW = 4
LINE, CONSTANT = 8, 4  # bytes of an instruction, and where its constant stands in it
Code = list[bytes]


def refuse(number: int) -> int:
    """The verdict: fail with this errno."""
    return 0x00050000 | number


NO_SUCH_CALL = refuse(errno.ENOSYS)
FORBIDDEN = refuse(errno.EPERM)


def _line(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value & 0xFFFFFFFF)


def verdict(action: int) -> Code:
    return [_line(_RETURN, action)]


def argument(index: int, *, high: bool = False, mask: int | None = None) -> Code:
    """Look at an argument of the call (its lower half, or its upper)."""
    code = [_line(_LOAD, 16 + 8 * index + (4 if high else 0))]
    return code if mask is None else [*code, _line(_AND, mask)]


def if_equal(value: int, action: int) -> Code:
    return [_line(_JUMP_EQUAL, value, 0, 1), *verdict(action)]


def if_other(values: Sequence[int], action: int) -> Code:
    """The verdict for everything but these values."""
    count = len(values)
    return [*[_line(_JUMP_EQUAL, value, count - i, 0) for i, value in enumerate(values)], *verdict(action)]


def if_any_bit(bits: int, action: int) -> Code:
    return [_line(_JUMP_BITS, bits, 0, 1), *verdict(action)]


def if_no_bit(bits: int, action: int) -> Code:
    return [_line(_JUMP_BITS, bits, 1, 0), *verdict(action)]


def verdicts(*body: Code) -> Code:
    """What to do with one system call; allowed where the body says nothing."""
    return [line for part in body for line in part] + verdict(ALLOW)


def program(audit_architecture: int, newest: int, blocks: Mapping[int, Code]) -> bytes:
    """The whole filter: what to do by a call's number, and all else is allowed.

    Another ABI of the same machine is killed; calls newer than `newest` do not exist.
    """
    code = [_line(_LOAD, 4), _line(_JUMP_EQUAL, audit_architecture, 1, 0), *verdict(KILL), _line(_LOAD, 0)]
    code += [_line(_JUMP_AT_LEAST, newest + 1, 0, 1), *verdict(NO_SUCH_CALL)]
    return b"".join(code + _search(sorted(blocks.items())))


def _search(blocks: Sequence[tuple[int, Code]]) -> Code:
    """By halves: the kernel walks the filter for each of its calls when it is installed, and at each that is seen."""
    if len(blocks) <= _FEW:
        return [line for number, body in blocks for line in _block(number, body)] + verdict(ALLOW)
    half = len(blocks) // 2
    low = _search(blocks[:half])
    return [
        _line(_JUMP_AT_LEAST, blocks[half][0], 0, 1),
        _line(_JUMP, len(low)),
        *low,
        *_search(blocks[half:]),
    ]


def _block(number: int, body: Code) -> Code:
    return [_line(_JUMP_EQUAL, number, 0, len(body)), *body]
