"""What is recorded holds no secret: values of variables in any spelling, and what goes by a secret's name."""

import base64

import pytest

from toolreg.harness.scrub import Scrubber, is_secret

SCRUB = Scrubber({"KEY": "p/s ä+1"})


@pytest.mark.parametrize(
    "name",
    ["api_key", "apiKey", "X-Api-Key", "access_token", "accessToken", "Authorization", "Set-Cookie", "password",
     "client_secret", "sessionid", "jwt", "x-amz-signature"],
)  # fmt: skip
def test_names_of_secrets(name: str) -> None:
    assert is_secret(name)


@pytest.mark.parametrize(
    "name",
    ["city", "keyboard", "tokens_used_total", "nextPageToken", "page_token", "author", "monkey", "etag"],
)
def test_other_names(name: str) -> None:
    assert not is_secret(name)


@pytest.mark.parametrize(
    "form",
    ["p/s ä+1", "p%2Fs%20%C3%A4%2B1", "p%2Fs+%C3%A4%2B1", base64.b64encode("p/s ä+1".encode()).decode(),
     base64.b64encode("p/s ä+1:".encode()).decode()],
)  # fmt: skip
def test_a_value_goes_in_every_spelling(form: str) -> None:
    assert SCRUB.text(f"<{form}>") == "<{env:KEY}>"


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://a.example/?city=Paris&token=abc", "https://a.example/?city=Paris&token={secret}"),
        ("https://u:pw@a.example/x", "https://a.example/x"),
        ("https://a.example/?key=cats", "https://a.example/?key=cats"),
        ("https://a.example/?key=AIzaSyA9f3bQ7x1z0K", "https://a.example/?key={secret}"),
        ("https://a.example/?page_token=abc", "https://a.example/?page_token=abc"),
        ("https://a.example/?key=p%2Fs+%C3%A4%2B1", "https://a.example/?key={env:KEY}"),
    ],
)
def test_urls(url: str, kept: str) -> None:
    assert SCRUB.url(url) == kept
    assert SCRUB.url(kept) == kept


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (b'{"access_token": "t", "user": {"password": "x"}, "total_tokens": 5}',
         b'{"access_token": "{secret}", "user": {"password": "{secret}"}, "total_tokens": 5}'),
        (b'{ "a":1 }', b'{ "a":1 }'),
        (b'[{"secret": ""}]', b'[{"secret": ""}]'),
        (b"\x00\xff binary", b"\x00\xff binary"),
        ("says p/s ä+1".encode(), b"says {env:KEY}"),
        (b"[" * 100_000, b"[" * 100_000),
        (b'{"broken": ', b'{"broken": '),
    ],
)  # fmt: skip
def test_bodies(body: bytes, kept: bytes) -> None:
    assert SCRUB.content(body) == kept


def test_a_form_without_its_password() -> None:
    assert SCRUB.body(b"user=ann&password=hunter2") == "user=ann&password={secret}"
    assert SCRUB.body(b"\xff\xfe") == ""
    assert SCRUB.body(b"x" * 100_000) == ""
