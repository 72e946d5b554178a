"""Ask a proxy on the host for the page, as the environment says."""

META = {"group": "network", "seen": "net:127.0.0.1", "effects": ["net: example.invalid"]}


def attack():
    import urllib.request
    proxy = f"http://127.0.0.1:{T['tcp_port']}"
    os.environ.update(http_proxy=proxy, HTTP_PROXY=proxy, all_proxy=proxy)
    try:
        data = urllib.request.urlopen("http://example.invalid/", timeout=1).read(100)
    except Exception as error:
        return f"contained: {error!r}"[:200] if T["secret"] not in repr(error) else "ESCAPED: the proxy answered"
    return "ESCAPED" if T["secret"].encode() in data else "contained"
