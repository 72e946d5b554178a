"""A tool's door, inside the sandbox. This text is put after the tool's own; nothing imports it here."""
# mypy: ignore-errors


def toolreg_call(**arguments):
    """The tool, called with what the arguments stand for."""
    import inspect

    found = globals()[_TOOLREG_ENTRY]  # noqa: F821 - set where this text is put
    called = found() if isinstance(found, type) else found
    value = called(**{name: _toolreg_made(each) for name, each in arguments.items()})
    if inspect.iscoroutine(value):
        import asyncio

        value = asyncio.run(value)
    value = _toolreg_plain(value)
    _toolreg_send_whole()
    return _toolreg_paged(value) if _TOOLREG_PAGE else value  # noqa: F821


def _toolreg_made(value):
    return value


def _toolreg_plain(value):
    return value


def _toolreg_send_whole():
    """Let a long result go out at one go: a pipe takes little at a time, and the rest need not be copied each time."""
    import os

    write = os.write

    def whole(number, data):
        view = memoryview(data)
        sent = 0
        while sent < len(view):
            sent += write(number, view[sent:])
        return sent

    os.write = whole


def _toolreg_paged(value):
    """A text or list in pages of bounded size; any other value as the one page there is."""
    import json

    def close(rows):
        return "[" + ",".join(rows) + "]"

    most = _TOOLREG_PAGE  # noqa: F821
    if isinstance(value, str):
        pages = [value[at : at + most] for at in range(0, len(value), most)]
        return {"toolreg.pages": {"kind": "text", "pages": pages or [""]}}
    if not isinstance(value, (list, tuple)):
        return {"toolreg.pages": {"kind": "value", "pages": [json.dumps(value)]}}
    pages, rows, size = [], [], 0
    for row in value:
        text = json.dumps(row)
        if rows and size + len(text) > most:
            pages.append(close(rows))
            rows, size = [], 0
        rows.append(text)
        size += len(text) + 1
    pages.append(close(rows))
    return {"toolreg.pages": {"kind": "list", "pages": pages}}
