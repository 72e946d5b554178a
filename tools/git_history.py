import subprocess

from smolagents import tool

FIELDS = ("commit", "date", "author", "subject")


@tool
def git_history(repo: str, count: int = 10, path: str = "") -> list:
    """List the latest commits of a git repository, newest first.

    Side effects:
        run: git
        read: {repo}

    Args:
        repo: Folder of the repository, bare or with a work tree, e.g. "." or "projects/site".
        count: How many commits to list at most, 1 to 200.
        path: List only commits that changed this file or folder of the repository, e.g. "src/main.py";
            empty for all.

    Returns:
        List of mappings with `commit` (40 hex digits), `date` (ISO 8601), `author` and `subject`.

    Raises:
        ValueError: The folder is no git repository, or the path is unknown to it.

    Examples:
        >>> [commit["subject"] for commit in git_history("demo.git")]
        ['Say where it runs', 'Describe the project']
        >>> git_history("demo.git", count=1, path="README.md")[0]["author"]
        'Ada'
        >>> git_history("nowhere")
        Traceback (most recent call last):
        ValueError: git: cannot change to 'nowhere': No such file or directory
    """
    layout = "%x1f".join(("%H", "%aI", "%an", "%s"))
    command = ["git", "--no-pager", "-c", "safe.directory=*", "-c", "core.fsmonitor=false", "-C", repo, "log"]
    command += [f"--max-count={max(1, min(count, 200))}", f"--format={layout}", "--no-show-signature", "--"]
    done = subprocess.run([*command, *([path] if path else [])], capture_output=True, text=True, timeout=30)
    if done.returncode:
        raise ValueError("git: " + done.stderr.strip().removeprefix("fatal: "))
    return [dict(zip(FIELDS, line.split("\x1f"), strict=True)) for line in done.stdout.splitlines()]
