from collections.abc import Callable

import pytest

Effects = Callable[[str], list[str]]
HEAD = "import os, requests\nfrom pathlib import Path\nfrom urllib.parse import urljoin, urlparse\nROOT = 'https://api.example.com/v1'\n"

URLS = [
    ("url", ["net:{url}"]),
    ("url.strip()", ["net:{url}"]),
    ("url + '/x'", ["net:{url}"]),
    ("f'{url}/x/{n}'", ["net:{url}"]),
    ("'https://' + url", ["net:{url}"]),
    ("f'http://{url}:8080/x'", ["net:{url}:8080"]),
    ("f'https://{url}.example.com/x'", ["net:*.example.com"]),
    ("f'https://{url}.com/x'", ["net:*"]),
    ("ROOT", ["net:api.example.com"]),
    ("f'{ROOT}/{url}'", ["net:api.example.com"]),
    ("'%s/%s' % (ROOT, url)", ["net:api.example.com"]),
    ("'{}/{}'.format(ROOT, url)", ["net:api.example.com"]),
    ("'{root}/x'.format(root=ROOT)", ["net:api.example.com"]),
    ("'/'.join([ROOT, url])", ["net:api.example.com"]),
    ("urljoin(ROOT, 'x')", ["net:api.example.com"]),
    ("ROOT if n else 'https://b.example.com'", ["net:api.example.com", "net:b.example.com"]),
    ("'https://user:word@h.example.com:8443/x'", ["net:h.example.com:8443"]),
    ("'https://[::1]:9000/x'", ["net:[::1]:9000"]),
    ("'https://H.Example.COM'", ["net:h.example.com"]),
    ("os.environ.get('U', 'https://d.example.com')", ["env:U", "net:d.example.com"]),
    ("os.environ['U']", ["env:U", "net:*"]),
    ("'https://' + urlparse(url).netloc", ["net:{url}"]),
]


@pytest.mark.parametrize(("expression", "expected"), URLS)
def test_the_host_of_a_url(effects: Effects, expression: str, expected: list[str]) -> None:
    source = f"{HEAD}@tool\ndef t(url: str, n: int) -> str:\n    return requests.get({expression}, timeout=1).text\n"
    assert effects(source) == expected


PATHS = [
    ("path", ["read:{path}"]),
    ("'a.txt'", ["read:a.txt"]),
    ("'./a//b/../c.txt'", ["read:a/c.txt"]),
    ("os.path.join('data', path)", ["read:data/{path}"]),
    ("os.path.join('data', '/etc/x')", ["read:/etc/x"]),
    ("Path('data') / path", ["read:data/{path}"]),
    ("Path(path).with_name('b.txt')", ["read:*"]),
    ("Path('a/b.txt').with_name('c.txt')", ["read:a/c.txt"]),
    ("Path('a/b.txt').parent / 'd'", ["read:a/d"]),
    ("Path.home() / '.netrc'", ["read:~/.netrc"]),
    ("os.path.expanduser('~/.netrc')", ["read:~/.netrc"]),
    ("f'logs/{hash(path)}.txt'", ["read:logs/*.txt"]),
    ("'data[1].csv'", ["read:data[[]1].csv"]),
    ("path + '.bak'", ["read:{path}.bak"]),
    ("hash(path)", ["read:*"]),
]


@pytest.mark.parametrize(("expression", "expected"), PATHS)
def test_the_path_of_a_file(effects: Effects, expression: str, expected: list[str]) -> None:
    assert (
        effects(f"{HEAD}@tool\ndef t(path: str) -> str:\n    return open({expression}).read()\n") == expected
    )


COMMANDS = [
    ("subprocess.run(['git', 'log'])", ["run:git"]),
    ("subprocess.run(args=('git', x))", ["run:git"]),
    ("subprocess.run([x, '--version'])", ["run:{x}"]),
    ("subprocess.run('git log', shell=True)", ["run:git", "run:sh"]),
    ("subprocess.run('A=1 git log | sort && rm x', shell=True)", ["run:git", "run:rm", "run:sh", "run:sort"]),
    ("subprocess.run(['sh', '-c', 'ls'])", ["run:ls", "run:sh"]),
    ("subprocess.getoutput('date')", ["run:date", "run:sh"]),
    ("subprocess.Popen([sys.executable, '-V'])", ["run:python"]),
    ("os.execvp('vim', ['vim'])", ["run:vim"]),
]


@pytest.mark.parametrize(("call", "expected"), COMMANDS)
def test_the_program_of_a_command(effects: Effects, call: str, expected: list[str]) -> None:
    assert (
        effects(f"import os, subprocess, sys\n@tool\ndef t(x: str) -> str:\n    return str({call})\n")
        == expected
    )


METHODS = [
    ("requests.post(U)", ["net:a.example (writes)"]),
    ("requests.delete(U)", ["net:a.example (deletes)"]),
    ("requests.request('PATCH', U)", ["net:a.example (writes)"]),
    ("requests.request(method='GET', url=U)", ["net:a.example"]),
    ("requests.Session().request('DELETE', U)", ["net:a.example (deletes)"]),
    ("urllib.request.urlopen(urllib.request.Request(U, method='PUT'))", ["net:a.example (writes)"]),
    ("urllib.request.urlopen(urllib.request.Request(U, data=b'x'))", ["net:a.example (writes)"]),
    ("urllib.request.urlopen(U)", ["net:a.example"]),
]


@pytest.mark.parametrize(("call", "expected"), METHODS)
def test_what_a_request_changes(effects: Effects, call: str, expected: list[str]) -> None:
    source = f"import requests, urllib.request\nU = 'https://a.example/x'\n@tool\ndef t(x: str) -> str:\n    return str({call})\n"
    assert effects(source) == expected


def test_an_unknown_method_and_graphql_are_asked_about(inferred) -> None:
    for call in (
        "requests.request(x, 'https://a.example')",
        "requests.post('https://a.example/graphql', json={})",
    ):
        found = inferred(f"import requests\n@tool\ndef t(x: str) -> str:\n    return {call}.text\n")
        assert [str(e) for e in found.effects] == ["net:a.example"]
        (question,) = found.unresolved
        assert str(question.worst) == "net:a.example (deletes)"


@pytest.mark.parametrize(
    "body",
    [
        "return [open(p).read() for p in paths]",
        "return list(map(os.path.getsize, sorted(paths)))",
        "for n, p in enumerate(paths[1:]):\n        os.stat(p)",
        "return open(paths[0]).read()",
    ],
)
@pytest.mark.parametrize("hint", ["list", "list[str]", "tuple[str, ...] | None", "'Sequence[str]'"])
def test_an_item_of_a_list_argument_is_that_argument(effects: Effects, body: str, hint: str) -> None:
    assert effects(f"{HEAD}@tool\ndef t(paths: {hint}) -> list:\n    {body}\n") == ["read:{paths}"]


def test_an_item_that_is_changed_or_lies_deeper_is_not_known(effects: Effects) -> None:
    for body in ("open(paths[0]['name'])", "open(paths[0] and str(len(paths)))", "subprocess.run(paths)"):
        found = effects(f"{HEAD}import subprocess\n@tool\ndef t(paths: list) -> list:\n    {body}\n")
        assert found in (["read:*"], ["run:*"])
