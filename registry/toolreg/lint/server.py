"""A language server: findings as diagnostics while one types, fixes as code actions.

Needs pygls: `pip install smolagents-toolreg[lsp]`. A buffer is judged as text; it is never saved, imported or run.
"""

from __future__ import annotations

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer
from pygls.workspace import TextDocument

from toolreg.contract.source import source_lines
from toolreg.lint.finding import Finding, TextEdit
from toolreg.lint.fresh import can_hold_a_tool
from toolreg.lint.lines import line_starts
from toolreg.lint.project import Seen
from toolreg.lint.runner import LintResult
from toolreg.lint.settings import LintConfig
from toolreg.lint.stdin import compared, judge_text

SOURCE = "toolreg"
_LEVELS = {
    "error": lsp.DiagnosticSeverity.Error,
    "warning": lsp.DiagnosticSeverity.Warning,
    "info": lsp.DiagnosticSeverity.Information,
}


class Server(LanguageServer):
    """Judges documents and remembers what it found, for the code actions."""

    def __init__(self, config: LintConfig, version: str) -> None:
        super().__init__("toolreg", version)
        self.config = config.but(allow_no_tools=True)
        self.found: dict[str, tuple[str, LintResult]] = {}
        self.tools: dict[str, list[Seen]] = {}
        self.alike: dict[str, list[Finding]] = {}

    def judge(self, uri: str) -> None:
        """Judge a document as it stands in the editor; publish what was found, in it and in those it is like."""
        document = self.workspace.get_text_document(uri)
        data = document.source.encode("utf-8", "surrogatepass")
        held = can_hold_a_tool(data)
        result, tools = (
            judge_text(data, document.path, self.config) if held else (LintResult([], 1, 0, []), [])
        )
        self.found[uri], self.tools[uri] = (document.source, result), tools
        self.compare(uri)

    def close(self, uri: str) -> None:
        """Forget a document; those that were compared with it are no longer."""
        self.found.pop(uri, None)
        self.tools.pop(uri, None)
        self.alike.pop(uri, None)
        self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri=uri, diagnostics=[]))
        self.compare()

    def compare(self, changed: str = "") -> None:
        """Compare the tools of all open documents; publish the changed one, and others where that says anything new."""
        for uri in list(self.found):
            beside = [tool for other, tools in self.tools.items() if other != uri for tool in tools]
            alike = compared(self.tools[uri], beside, self.config)
            if uri == changed or alike != self.alike.get(uri, []):
                self.alike[uri] = alike
                self._publish(uri)

    def _publish(self, uri: str) -> None:
        document = self.workspace.get_text_document(uri)
        text, result = self.found[uri]
        shown = [self._diagnostic(document, text, f) for f in [*result.open, *self.alike[uri]]]
        shown += [_error(e.line, str(e.message)) for e in result.errors]
        self.text_document_publish_diagnostics(
            lsp.PublishDiagnosticsParams(uri=uri, diagnostics=shown, version=document.version)
        )

    def actions(self, uri: str, span: lsp.Range) -> list[lsp.CodeAction]:
        """Fixes of findings that touch these lines."""
        text, result = self.found.get(uri, ("", LintResult([], 0, 0, [])))
        document = self.workspace.get_text_document(uri)
        if document.source != text:
            return []
        touched = [
            f
            for f in result.open
            if f.fix and span.start.line <= f.end_line - 1 and f.line - 1 <= span.end.line
        ]
        return [self._action(document, text, f) for f in touched]

    def _action(self, document: TextDocument, text: str, finding: Finding) -> lsp.CodeAction:
        assert finding.fix is not None
        edits = [self._edit(document, text, e) for e in finding.fix.edits]
        return lsp.CodeAction(
            title=f"{finding.code}: {finding.fix.message}",
            kind=lsp.CodeActionKind.QuickFix,
            diagnostics=[self._diagnostic(document, text, finding)],
            edit=lsp.WorkspaceEdit(changes={document.uri: edits}),
            is_preferred=finding.fix.safe,
        )

    def _edit(self, document: TextDocument, text: str, edit: TextEdit) -> lsp.TextEdit:
        return lsp.TextEdit(
            range=self._range(document, text, *_place(text, edit.start), *_place(text, edit.end)),
            new_text=edit.content,
        )

    def _diagnostic(self, document: TextDocument, text: str, f: Finding) -> lsp.Diagnostic:
        return lsp.Diagnostic(
            range=self._range(document, text, f.line - 1, f.column - 1, f.end_line - 1, f.end_column - 1),
            message=f.message,
            severity=_LEVELS[f.severity],
            code=f.code,
            source=SOURCE,
            code_description=lsp.CodeDescription(href=f.url) if f.url else None,
        )

    def _range(
        self, document: TextDocument, text: str, line: int, column: int, end_line: int, end_column: int
    ) -> lsp.Range:
        """Characters to the units that the client counts in, UTF-16 by default."""
        plain = lsp.Range(lsp.Position(line, column), lsp.Position(end_line, end_column))
        return document.position_codec.range_to_client_units(source_lines(text), plain)


def make(config: LintConfig, version: str) -> Server:
    """The server with its handlers."""
    server = Server(config, version)

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: lsp.DidOpenTextDocumentParams) -> None:
        server.judge(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: lsp.DidChangeTextDocumentParams) -> None:
        server.judge(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: lsp.DidCloseTextDocumentParams) -> None:
        server.close(params.text_document.uri)

    @server.feature(
        lsp.TEXT_DOCUMENT_CODE_ACTION, lsp.CodeActionOptions(code_action_kinds=[lsp.CodeActionKind.QuickFix])
    )
    def fixes(params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        return server.actions(params.text_document.uri, params.range)

    return server


def _error(line: int, message: str) -> lsp.Diagnostic:
    """What kept the buffer from being judged, at its line."""
    at = max(line - 1, 0)
    span = lsp.Range(lsp.Position(at, 0), lsp.Position(at, 1))
    return lsp.Diagnostic(range=span, message=message, severity=lsp.DiagnosticSeverity.Error, source=SOURCE)


def _place(text: str, offset: int) -> tuple[int, int]:
    """(line, column), from 0, of an offset."""
    starts = line_starts(text[:offset])
    return len(starts) - 1, offset - starts[-1]
