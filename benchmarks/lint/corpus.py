"""A corpus of tool modules like those that people write: 30 to 150 lines, functions and classes, some with faults.

    python benchmarks/lint/corpus.py FOLDER [COUNT]

The same seed gives the same files.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

NOUNS = [
    "weather",
    "invoice",
    "note",
    "page",
    "ticket",
    "user",
    "order",
    "file",
    "image",
    "report",
    "event",
    "flight",
    "route",
    "city",
    "price",
    "stock",
    "song",
    "recipe",
    "task",
    "issue",
]
VERBS = [
    "fetch",
    "list",
    "count",
    "find",
    "read",
    "summarise",
    "convert",
    "compare",
    "check",
    "rank",
    "parse",
    "merge",
    "plan",
    "sort",
    "draw",
]
TYPES = {"str": '"text"', "int": "3", "float": "0.5", "bool": "False", "list": "None", "dict": "None"}
HEAD = "import json\nimport re\nimport subprocess\n\nimport requests\nfrom smolagents import Tool, tool\n"
BODIES = (
    """response = requests.get(f"https://api.example.com/{{{p}}}", timeout=20)
    response.raise_for_status()
    rows = response.json().get("rows", [])
    return "\\n".join(str(row) for row in rows[:20])""",
    """with open({p}, encoding="utf-8") as file:
        lines = [line.strip() for line in file if line.strip()]
    counts = {{}}
    for line in lines:
        word = line.split(" ")[0].lower()
        counts[word] = counts.get(word, 0) + 1
    return json.dumps(counts)[:2000]""",
    """total = 0
    for index, part in enumerate(str({p}).split(",")):
        try:
            total += float(part) * (index + 1)
        except ValueError:
            continue
    if total > 1000:
        return "large"
    return f"{{total:.2f}}" """,
    """done = subprocess.run(["git", "log", "--oneline", str({p})], capture_output=True, text=True, timeout=30)
    if done.returncode:
        raise ValueError(done.stderr)
    return done.stdout[:4000]""",
    """words = re.findall(r"\\w+", str({p}).lower())
    best = sorted(set(words), key=lambda word: (-len(word), word))[:10]
    return ", ".join(best) or "none" """,
)
EFFECTS = ("net: api.example.com", "read: {{{p}}}", "none", "run: git\n        read: .", "none")


def module(rng: random.Random, number: int) -> str:
    """The text of one module."""
    parts = [f'"""Tools of module {number}."""\n\n{HEAD}']
    parts += [_tool(rng, f"{number}_{n}") for n in range(rng.choice((1, 1, 1, 2, 2)))]
    parts += [_helper(rng, f"{number}_{n}") for n in range(rng.randint(0, 3))]
    return "\n\n".join(parts) + "\n"


def _tool(rng: random.Random, mark: str) -> str:
    verb, noun, kind = rng.choice(VERBS), rng.choice(NOUNS), rng.randrange(len(BODIES))
    names = rng.sample(NOUNS, rng.randint(1, 4))
    body = BODIES[kind].format(p=names[0])
    if rng.random() < 0.3:
        return _class(verb, noun, mark, names, body)
    pairs = [(n, "str" if i == 0 else rng.choice(list(TYPES))) for i, n in enumerate(names)]
    signature = ", ".join(
        f"{n}: {t}" if i == 0 else f"{n}: {t} = {TYPES[t]}" for i, (n, t) in enumerate(pairs)
    )
    described = "\n".join(
        f'        {n}: The {n} to {verb}, such as "{n} {i}".'
        for i, (n, _) in enumerate(pairs)
        if rng.random() < 0.95
    )
    effects = EFFECTS[kind].format(p=names[0])
    section = f"Side effects: {effects}" if effects == "none" else f"Side effects:\n        {effects}"
    returns = (
        "\n    Returns:\n        The result as text, at most 4,000 characters.\n"
        if rng.random() < 0.9
        else ""
    )
    return f'''@tool
def {verb}_{noun}_{mark}({signature}) -> str:
    """{verb.capitalize()} the {noun} number {mark} and give what was found as text.

    {section}

    Args:
{described}
{returns}
    Examples:
        >>> {verb}_{noun}_{mark}("one")  # doctest: +SKIP
        'none'
    """
    {body}
'''


def _class(verb: str, noun: str, mark: str, names: list[str], body: str) -> str:
    inputs = ",\n        ".join(
        f'"{n}": {{"type": "string", "description": "The {n} to {verb}, such as one."}}' for n in names
    )
    indented = body.replace("\n    ", "\n        ")
    return f'''class {verb.capitalize()}{noun.capitalize()}{mark.replace("_", "x")}(Tool):
    """{verb.capitalize()} the {noun} of number {mark}."""

    name = "{verb}_{noun}_{mark}"
    description = "{verb.capitalize()} the {noun} of number {mark} and give what was found as text."
    inputs = {{
        {inputs},
    }}
    output_type = "string"

    def forward(self, {", ".join(f"{n}: str" for n in names)}) -> str:
        {indented}
'''


def _helper(rng: random.Random, mark: str) -> str:
    lines = "\n".join(
        f"    value = value {rng.choice('+-*')} {rng.randint(1, 99)}" for _ in range(rng.randint(4, 20))
    )
    return f'def helper_{mark}(value: float) -> float:\n    """Bend a value."""\n{lines}\n    return value\n'


def write(folder: Path, count: int = 2000, seed: int = 7) -> list[Path]:
    """Write the corpus; returns its files."""
    rng = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for number in range(count):
        path = folder / f"tools_{number:05}.py"
        path.write_text(module(rng, number), encoding="utf-8")
        files.append(path)
    return files


if __name__ == "__main__":
    made = write(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 2000)
    print(f"{len(made)} files, {sum(p.stat().st_size for p in made) / 1e6:.1f} MB")
