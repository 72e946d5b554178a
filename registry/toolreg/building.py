"""Build one tool: its published form with card and page, and the proof that it is the source."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from toolreg.bundle import Bundle, Case, Proof, bundle, card, prove
from toolreg.bundle.lock import lock_text, read_report
from toolreg.bundle.proof import Runner, in_sandbox
from toolreg.contract import ToolSource, parse_module, spec_of
from toolreg.effects import Effect, EffectSyntaxError
from toolreg.errors import UsageError
from toolreg.harness import example_case
from toolreg.harness.network import RecordedNetwork, read_recording
from toolreg.harness.workspace import companions, fresh_workspace
from toolreg.sandbox import Limits, Policy, Sandbox

_LIMITS = Limits(wall=60.0, cpu=40)


@dataclass(frozen=True, slots=True)
class Built:
    """What `toolreg build` makes of one tool. written: the files on disk, in the order of their names."""

    bundle: Bundle
    proof: Proof
    written: tuple[str, ...] = ()


def build_tool(tool: ToolSource, sandbox: Sandbox | None = None, *, pip_report: str = "") -> Built:
    """Bundle a tool, prove the bundle, and add its card. Raises BundleError, SandboxError.

    pip_report: path of pip's report on its requirements, which becomes requirements.lock.
    """
    made = bundle(tool)
    declared = _declared(tool)
    proof = _proved(tool, made, declared, sandbox)
    spec = spec_of(parse_module("tool.py", made.code).tool(made.entry))
    if pip_report:
        made = made.with_files({"requirements.lock": lock_text(read_report(pip_report), made.requirements)})
    return Built(card(made, spec, declared), proof)


def write(built: Built, folder: str) -> Built:
    """Write the files of a bundle into a folder; what else stands there stays. Raises UsageError."""
    target = Path(folder)
    try:
        target.mkdir(parents=True, exist_ok=True)
        for name, data in sorted(built.bundle.files.items()):
            (target / name).write_bytes(data)
    except OSError as error:
        raise UsageError(
            f"cannot write: {error.strerror}", path=folder, hint="name another folder with -o"
        ) from error
    return Built(built.bundle, built.proof, tuple(str(target / name) for name in sorted(built.bundle.files)))


def _declared(tool: ToolSource) -> tuple[Effect, ...]:
    try:
        return tool.declared or ()
    except EffectSyntaxError:
        return ()  # lint says so with its line; here it only means that nothing is granted


def _proved(tool: ToolSource, made: Bundle, declared: tuple[Effect, ...], sandbox: Sandbox | None) -> Proof:
    """The docstring's examples as cases, each side with exactly what they grant, in a workspace of its own."""
    try:
        case = example_case(tool, tool.docstring.examples, declared)
    except ValueError:
        case = None  # no doctests; lint says so
    source = "".join(e.source for e in case.examples) if case is not None else ""
    granted = tuple(e for e in case.granted.effects if not _outside(e)) if case is not None else ()
    cases = [Case(source=source)] if source else []
    if sandbox is not None:
        return prove(tool, made, _runner(tool, granted, sandbox), cases=cases)
    with Sandbox(preload=()) as own:
        return prove(tool, made, _runner(tool, granted, own), cases=cases)


def _runner(tool: ToolSource, granted: tuple[Effect, ...], sandbox: Sandbox) -> Runner:
    path = companions(tool, ".responses.json")
    recording = read_recording(path.read_bytes(), str(path)) if path.is_file() else {}

    def run(request: Mapping[str, object]) -> Mapping[str, object]:
        network = RecordedNetwork(recording)
        with fresh_workspace(tool) as workspace, tempfile.NamedTemporaryFile(suffix=".pem") as authority:
            authority.write(network.certificate)
            authority.flush()
            env = {e.target: f"value of {e.target}" for e in granted if e.kind == "env"}
            policy = Policy(
                granted, workspace=workspace, env=env, limits=_LIMITS, network=network, ca_file=authority.name
            )
            ask: Callable[..., Mapping[str, object]] = in_sandbox(sandbox, policy)
            return ask(request)

    return run


def _outside(effect: Effect) -> bool:
    """A path of this machine: a proof never sees its files."""
    return effect.kind in ("read", "write") and (
        effect.target.startswith("/") or ".." in effect.target.split("/")
    )
