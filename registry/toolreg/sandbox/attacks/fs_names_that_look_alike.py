"""Names that look like the promised one."""

META = {"group": "files", "seen": "write:", "check": "handed_over_safely", "effects": ["write: report.md"]}


def attack():
    for name in ("report.md", "REPORT.MD", "report.md ", "report.md\u200b", "rep\u043ert.md", "report.md\n", "./ report.md", "report.md.", "report\x00.md", "re[p]ort.md", "report.md~", "..report.md"):
        try:
            open(name, "w").write("x")
        except (OSError, ValueError):
            pass
    return "CHECK: only the promised file may arrive"
