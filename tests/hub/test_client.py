from __future__ import annotations

import inspect
from collections.abc import Iterator

import httpx2
import huggingface_hub.errors
import pytest
from huggingface_hub.errors import HfHubHTTPError

from toolreg.errors import (
    Conflict,
    Forbidden,
    HubError,
    NotFound,
    Offline,
    PaymentRequired,
    RateLimited,
    ToolregError,
    UsageError,
)
from toolreg.hub.client import HANDLED, TABLE, Hub, translated
from toolreg.hub.faults import HINTS, Limited, Unsure, translate
from toolreg.hub.targets import namespace_of, opened

REQUEST = httpx2.Request("GET", "https://hub.example/api/spaces/a/b")
# Exceptions of features that toolreg never calls: inference, DDUF, buckets, jobs, sandboxes, their CLI.
ELSEWHERE = (
    "Inference", "TextGeneration", "Generation", "Overloaded", "IncompleteGeneration", "UnknownError", "ValidationError",
    "DDUF", "Bucket", "Job", "Sandbox", "CLI", "Safetensors", "NotASafetensors", "StrictDataclass", "Xet", "Cache",
    "CorruptedCache", "CachedRepoTree", "OAuth", "DeviceCode", "DryRun", "FileMetadata", "FileDuplication", "Confirmation",
)  # fmt: skip


def exceptions(module: object) -> Iterator[type[Exception]]:
    for _, kind in inspect.getmembers(module, inspect.isclass):
        if issubclass(kind, Exception):
            yield kind


def test_the_table_has_every_exception_of_huggingface_hub_that_can_come() -> None:
    missing = [
        kind.__name__
        for kind in exceptions(huggingface_hub.errors)
        if not issubclass(kind, HANDLED) and not kind.__name__.startswith(ELSEWHERE)
    ]
    assert missing == []


def test_the_table_has_every_exception_of_httpx2() -> None:
    missing = [k.__name__ for k in exceptions(httpx2) if not issubclass(k, HANDLED)]
    assert missing in ([], ["CookieConflict"])


def test_no_row_of_the_table_is_hidden_by_one_above_it() -> None:
    seen: list[type[Exception]] = []
    for kinds, _, _ in TABLE:
        for kind in kinds:
            assert not issubclass(kind, tuple(seen)), kind
        seen += kinds


@pytest.mark.parametrize("status", range(400, 600))
def test_every_status_is_one_of_our_errors_in_one_line(status: int) -> None:
    response = httpx2.Response(status, request=REQUEST, text="Bearer hf_secret\nsecond line")
    error = translate(
        HfHubHTTPError("x", response=response, server_message=response.text), TABLE, "read a/b", "hub"
    )
    assert isinstance(error, HubError)
    assert "\n" not in str(error)
    assert "secret" not in str(error)
    assert isinstance(error, Unsure) == (status >= 500 or status == 408)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, Forbidden),
        (402, PaymentRequired),
        (403, Forbidden),
        (404, NotFound),
        (409, Conflict),
        (412, Conflict),
        (429, RateLimited),
    ],
)
def test_the_statuses_of_the_hub_have_names_and_hints(status: int, kind: type[HubError]) -> None:
    response = httpx2.Response(status, request=REQUEST)
    error = translate(HfHubHTTPError("x", response=response), TABLE, "read a/b", "hub")
    assert type(error) in (kind, Limited)
    assert error.hint
    assert str(error).startswith("cannot read a/b: hub answered")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"RateLimit": '"api";r=0;t=55'}, 56.0),
        ({"RateLimit": '"api";r=9;t=55', "Retry-After": "7"}, 7.0),
        ({"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, None),
        ({}, None),
    ],
)
def test_a_rate_limit_says_how_long_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    response = httpx2.Response(429, request=REQUEST, headers=headers)
    error = translate(HfHubHTTPError("x", response=response), TABLE, "read a/b", "hub")
    assert isinstance(error, Limited)
    assert error.seconds == seconds


@pytest.mark.parametrize("error", [ValueError("x"), KeyError("sha"), TypeError("x"), AttributeError("x")])
def test_an_answer_that_makes_no_sense_is_not_a_crash(error: Exception) -> None:
    with pytest.raises(Unsure, match="makes no sense"), translated("read a/b", "hub"):
        raise error


def test_every_error_of_the_table_says_what_to_do() -> None:
    assert {ours for _, ours, words in TABLE if words} <= HINTS.keys()


def test_a_hub_that_is_not_there_is_offline() -> None:
    with pytest.raises(Offline, match="cannot be reached"):
        Hub("http://127.0.0.1:9").read("a/b")


def test_a_name_that_is_none_is_usage(hub: Hub) -> None:
    with pytest.raises(UsageError):
        hub.read("a/b/c")


@pytest.mark.parametrize("endpoint", ["", "hub.example", "ftp://x", "file:///etc"])
def test_an_endpoint_is_a_web_address(endpoint: str) -> None:
    with pytest.raises(UsageError, match="is no Hub"):
        Hub(endpoint)


def test_a_token_never_shows() -> None:
    assert "secret" not in repr(Hub("http://127.0.0.1:9", "hf_secret"))


def test_a_target_is_local_hf_or_an_address(tmp_path: object) -> None:
    with pytest.raises(UsageError, match="unknown target 'elsewhere'"), opened("elsewhere"):
        pass
    with opened("http://127.0.0.1:9") as hub:
        assert hub.endpoint == "http://127.0.0.1:9"
    with opened("local", root=tmp_path) as hub:  # type: ignore[arg-type]
        assert hub.endpoint.startswith("http://127.0.0.1:")
        assert (namespace_of("local", hub), namespace_of("hf", hub), namespace_of("hf", hub, "acme")) == (
            "local",
            "local",
            "acme",
        )


def test_errors_keep_their_exit_codes() -> None:
    assert {kind("x").exit_code for kind in (NotFound, Conflict, Unsure)} == {3}
    assert issubclass(Unsure, ToolregError)


def test_a_listing_that_leads_to_another_hub_is_not_followed(
    monkeypatch: pytest.MonkeyPatch, hub: Hub
) -> None:
    from toolreg.hub import client

    elsewhere = httpx2.Response(
        200, json=[], headers={"Link": '<http://evil.example/x>; rel="next"'}, request=REQUEST
    )
    monkeypatch.setattr(
        client, "get_session", lambda: httpx2.Client(transport=httpx2.MockTransport(lambda _: elsewhere))
    )
    with pytest.raises(Unsure, match="makes no sense"):
        list(hub.spaces())


def test_a_listing_is_read_page_by_page(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    from toolreg.hub import client

    for number in range(5):
        hub.create(f"local/tool-{number}")
    monkeypatch.setattr(client, "PAGE", 2)
    before = hub.requests
    assert len({space.repo_id for space in hub.spaces(author="local")}) == 5
    assert hub.requests - before == 3
