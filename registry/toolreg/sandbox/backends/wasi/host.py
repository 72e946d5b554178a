"""Started by path, in a process of its own: runs CPython in wasmtime, with nothing but the folders it is told.

Arguments: "compile" WASM CWASM, or "run" CWASM and a plan as JSON. It can be killed at any time.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import tempfile
from typing import Any

wasmtime: Any = importlib.import_module("wasmtime")  # an extra: typed only where it is installed


_PDEATHSIG, _SIGKILL = 1, 9


def main(arguments: list[str]) -> int:
    engine = wasmtime.Engine(wasmtime.Config())
    if arguments[0] == "compile":
        return _compile(engine, arguments[1], arguments[2])
    plan = json.loads(arguments[2])
    _die_with(plan["owner"])
    return _run(engine, arguments[1], plan)


def _die_with(owner: int) -> None:
    """Nobody is left to end this process when its owner was killed: then the kernel does. Linux alone can."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    ctypes.CDLL(None).prctl(_PDEATHSIG, _SIGKILL)
    if os.getppid() != owner:  # it was killed before it could be asked for
        os._exit(1)


def _compile(engine: Any, source: str, target: str) -> int:
    with open(source, "rb") as file:
        data = wasmtime.Module(engine, file.read()).serialize()
    handle, path = tempfile.mkstemp(dir=os.path.dirname(target))
    with os.fdopen(handle, "wb") as out:
        out.write(data)
    os.rename(path, target)
    return 0


def _run(engine: Any, compiled: str, plan: dict[str, Any]) -> int:
    module = wasmtime.Module.deserialize_file(engine, compiled)
    linker = wasmtime.Linker(engine)
    linker.define_wasi()
    store = wasmtime.Store(engine)
    store.set_limits(memory_size=plan["memory"])
    store.set_wasi(_config(plan))
    _bound(plan)
    try:
        instance = linker.instantiate(store, module)
        instance.exports(store)["_start"](store)
    except wasmtime.ExitTrap as ended:
        return int(ended.code) & 0xFF
    except wasmtime.Trap as trap:
        sys.stderr.write(f"the call ended in a trap: {str(trap).splitlines()[0]}\n")
        return 70
    return 0


def _config(plan: dict[str, Any]) -> Any:
    config = wasmtime.WasiConfig()
    config.argv = plan["argv"]
    config.env = plan["env"]
    config.inherit_stdout()
    config.inherit_stderr()
    for path, inside, writable in plan["folders"]:
        config.preopen_dir(path, inside, fs_mutable=writable)
    return config


def _bound(plan: dict[str, Any]) -> None:
    """Processor time and file size, where the system has such limits."""
    try:
        import resource
    except ImportError:
        return
    cpu, size = plan["cpu"], plan["file_size"]
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
