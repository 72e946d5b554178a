"""`toolreg key …`: the keys this user signs with, and the signers they trust."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from toolreg.cli.output import Format, console, print_json, safe
from toolreg.errors import GOOD, NotFound, WrongSigner
from toolreg.load.known import KnownSigners, default_path
from toolreg.manifest import keys, vault
from toolreg.manifest.rotation import parse_rotation, vouch
from toolreg.manifest.signer import Signer, parse_signer

Name = Annotated[str, typer.Option("--name", help="Which key.")]
Namespace = Annotated[str, typer.Argument(help="The namespace, e.g. acme.")]
SignerText = Annotated[str, typer.Argument(help="ed25519:… or keyless:ISSUER|IDENTITY|REF")]


def passphrase(name: str = keys.DEFAULT) -> str:
    """From TOOLREG_KEY_PASSPHRASE, else the system's keyring. Never an argument: those are seen by others."""
    given = os.environ.get("TOOLREG_KEY_PASSPHRASE", "")
    return given if given or not keys.is_encrypted(keys.key_path(name=name)) else vault.recall(name)


def create(
    name: Name = keys.DEFAULT,
    keyring: Annotated[
        bool, typer.Option("--keyring", help="Encrypt it with a passphrase kept in the system's keyring.")
    ] = False,
) -> int:
    """Make a signing key, if there is none; TOOLREG_KEY_PASSPHRASE or --keyring protects it."""
    there = keys.key_path(name=name).exists()
    secret = vault.keep_new(name) if keyring and not there else passphrase(name)
    key, fresh = keys.open_or_create(name=name, passphrase=secret)
    console().print(f"{'new key' if fresh else 'there is a key already:'} {key.signer.fingerprint}")
    return GOOD


def show(name: Name = keys.DEFAULT, format: Annotated[Format, typer.Option("--format")] = "text") -> int:
    """Show the public half of a key and its fingerprint, for readers to compare."""
    path = keys.key_path(name=name)
    signer = _public(path, name)
    if format == "json":
        print_json(
            {"name": name, "signer": str(signer), "fingerprint": signer.fingerprint, "path": str(path)}
        )
        return GOOD
    out = console()
    out.print(f"[bold]{safe(signer.fingerprint)}[/]")
    out.print(safe(str(signer)))
    out.print(f"[dim]{safe(str(path))}[/]")
    return GOOD


def export(
    name: Name = keys.DEFAULT,
    private: Annotated[bool, typer.Option("--private", help="The secret half too.")] = False,
) -> int:
    """Write a key to standard output: the public half, or with --private the file to keep as a backup."""
    path = keys.key_path(name=name)
    if private:
        keys.load(path, passphrase=passphrase(name))
        sys.stdout.write(path.read_text("ascii"))
    else:
        sys.stdout.write(f"{_public(path, name)}\n")
    return GOOD


def rotate(name: Name = keys.DEFAULT) -> int:
    """Replace a key by a new one, and print the old one's word for it; the old file is kept.

    TOOLREG_NEW_KEY_PASSPHRASE gives the new key another passphrase.
    """
    fresh = os.environ.get("TOOLREG_NEW_KEY_PASSPHRASE", passphrase(name))
    old, new = keys.rotate(name=name, passphrase=fresh, old_passphrase=passphrase(name))
    out = console()
    out.print(f"old {old.signer.fingerprint}")
    out.print(f"new [bold]{new.signer.fingerprint}[/]")
    out.print("Publish again, and tell your readers:")
    out.print(f"toolreg key follow NAMESPACE '{vouch(old, new.signer)}'")
    return GOOD


def follow(
    namespace: Namespace,
    rotation: Annotated[str, typer.Argument(help="The line that its owner's `key rotate` printed.")],
) -> int:
    """Trust the key that follows one you trust, on the old key's word. Not if the old one was stolen."""
    said = parse_rotation(rotation)
    signers = KnownSigners(default_path())
    if said.old not in signers.read().get(namespace.lower(), frozenset()):
        raise WrongSigner(
            f"{said.old.fingerprint} is not trusted for {namespace}, so its word for another key is nothing",
            hint="`toolreg key known` lists whom you trust",
        )
    signers.remember(namespace, said.new)
    out = console()
    out.print(f"trusted for {safe(namespace)}: [bold]{said.new.fingerprint}[/]")
    out.print(
        f"[dim]once nothing old is locked any more: toolreg key forget {safe(namespace)} '{said.old}'[/]"
    )
    return GOOD


def trust(namespace: Namespace, signer: SignerText) -> int:
    """Trust a signer for everything of a namespace."""
    KnownSigners(default_path()).remember(namespace, parse_signer(signer))
    return GOOD


def forget(namespace: Namespace, signer: SignerText) -> int:
    """Trust a signer no longer."""
    known = KnownSigners(default_path())
    if parse_signer(signer) not in known.read().get(namespace.lower(), frozenset()):
        raise NotFound(f"{signer} is not trusted for {namespace}", hint="toolreg key known")
    known.forget(namespace, parse_signer(signer))
    return GOOD


def revoke(
    signer: SignerText,
    undo: Annotated[bool, typer.Option("--undo", help="It was revoked by mistake.")] = False,
) -> int:
    """Trust a signer nowhere any more, whatever names it: what is locked to it is refused too."""
    met, told = KnownSigners(default_path()), parse_signer(signer)
    if undo and told not in met.revoked():
        raise NotFound(f"{signer} is not revoked", hint="toolreg key known")
    if undo:
        met.restore(told)
    else:
        met.revoke(told)
    return GOOD


def known(format: Annotated[Format, typer.Option("--format")] = "text") -> int:
    """List the signers you trust, by namespace, and those you revoked."""
    met = KnownSigners(default_path())
    found = {space: sorted(map(str, signers)) for space, signers in sorted(met.read().items())}
    revoked = sorted(map(str, met.revoked()))
    if format == "json":
        print_json({**found, "!": revoked} if revoked else found)
        return GOOD
    for signer in revoked:
        console().print(f"[red]revoked[/] {safe(parse_signer(signer).fingerprint)}  [dim]{safe(signer)}[/]")
    if not found:
        console(stderr=True).print("you trust no signer yet")
    for space, signers in found.items():
        for signer in signers:
            console().print(
                f"[bold]{safe(space)}[/] {safe(parse_signer(signer).fingerprint)}  [dim]{safe(signer)}[/]"
            )
    return GOOD


def _public(path: Path, name: str) -> Signer:
    try:
        return parse_signer(path.with_suffix(".pub").read_text("ascii").strip())
    except FileNotFoundError:
        return keys.load(keys.key_path(name=name), passphrase=passphrase(name)).signer
