"""The arguments of a call as they stand in the source."""

from __future__ import annotations

import ast

from toolreg.infer.items import element
from toolreg.infer.machine import Args, Machine
from toolreg.infer.scope import Scope
from toolreg.infer.values import Items, Value, join


def arguments(m: Machine, node: ast.Call, scope: Scope) -> Args:
    args = Args([])
    for item in node.args:
        if not isinstance(item, ast.Starred):
            value = m.eval(item, scope)
            if args.rest is None:
                args.pos.append(value)
            else:  # behind `*unknown` it may stand anywhere
                args.rest = join(args.rest, value)
            continue
        spread = m.eval(item.value, scope)
        if len(spread) == 1 and isinstance(spread[0], Items) and spread[0].keys is None and spread[0].whole:
            args.pos += spread[0].values
        else:
            args.rest = element(m, spread)
    for keyword in node.keywords:
        value = m.eval(keyword.value, scope)
        if keyword.arg is not None:
            args.named[keyword.arg] = value
        else:
            m.whole_environment(value, node)
            _spread_named(args, value)
    return args


def _spread_named(args: Args, value: Value) -> None:
    for atom in value:
        if isinstance(atom, Items) and atom.keys is not None:
            args.named.update({k: v for k, v in atom.keys.items() if isinstance(k, str)})
            args.open = args.open or not atom.whole
        else:
            args.open = True
    args.open = args.open or not value
