"""Many calls at once, none lost: `python benchmarks/sandbox/stress.py [--calls N] [--threads N]`.

Every call gives back its own number; anything else is counted under what it was. Exit code 1 if there is any.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from toolreg.sandbox import CallTool, Policy, Returned, Sandbox

CODE = b"def same(number):\n    return number\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=20_000)
    parser.add_argument("--threads", type=int, default=8)
    options = parser.parse_args()
    start = time.perf_counter()
    with Sandbox() as sandbox:

        def one(number: int) -> str:
            outcome = sandbox.call(CODE, CallTool("same", {"number": number}), Policy(())).outcome
            return "right" if isinstance(outcome, Returned) and outcome.value == number else repr(outcome)

        with ThreadPoolExecutor(options.threads) as pool:
            seen = Counter(pool.map(one, range(options.calls)))
    took = time.perf_counter() - start
    print(f"{options.calls} calls in {took:.1f} s, {options.calls / took:.0f} a second: {dict(seen)}")
    return int(set(seen) != {"right"})


if __name__ == "__main__":
    sys.exit(main())
