"""The one door to a Hub: every request of toolreg goes through `Hub`, every error comes out as ours.

Nothing here reads the environment: endpoint and token are given, and the token of the user's own
Hub login is asked of huggingface_hub only where the target is the Hugging Face Hub itself.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlencode

import httpx2
from huggingface_hub import (
    CommitOperationAdd,
    CommitOperationDelete,
    HfApi,
    get_session,
    get_token,
    hf_hub_url,
    hf_raise_for_status,
    set_client_factory,
)
from huggingface_hub import __version__ as hub_version
from huggingface_hub import errors as hf
from huggingface_hub.utils._http import hf_request_event_hook

from toolreg.errors import Forbidden, HubError, NotFound, Offline, RateLimited, UsageError
from toolreg.hub.blobs import Blobs
from toolreg.hub.faults import Table, Unsure, one_line, translate
from toolreg.hub.model import Remote, Space, space_of
from toolreg.hub.transport import Endless, counting, new_client

HUGGING_FACE = "https://huggingface.co"
PATIENCE = 60.0
PAGE = 500
LISTED = ("sha", "siblings", "tags", "cardData", "lastModified", "likes", "sdk")
_T = TypeVar("_T")


@dataclass(slots=True)
class Hub:
    """A Hub at an endpoint, with a token or without.

    timeout per request: 10 s to connect, 30 s to answer. patience: how many seconds a told rate limit
    may be waited for. cache: a folder for files by their git id, so that none is downloaded twice.
    requests: how many were sent, by this object. called: what errors call it, its endpoint if nothing.
    """

    endpoint: str = HUGGING_FACE
    token: str | None = field(default=None, repr=False)
    patience: float = PATIENCE
    cache: Blobs | None = None
    requests: int = 0
    called: str = ""
    _api: _Api = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.endpoint = self.endpoint.rstrip("/")
        if not self.endpoint.startswith(("http://", "https://")):
            raise UsageError(
                f"'{self.endpoint}' is no Hub", hint="give local, hf, or a URL with http:// or https://"
            )
        _install_client()
        # token=False: without one, nothing of the user's own login is sent to whoever listens there.
        self._api = _Api(endpoint=self.endpoint, token=self.token or False)

    def add_requests(self, count: int) -> None:
        """Count requests as this object's; threads may share it."""
        with _lock:
            self.requests += count

    def url(self, repo_id: str) -> str:
        return f"{self.endpoint}/spaces/{repo_id}"

    def whoami(self) -> str:
        """The name of the token's owner. Raises Forbidden."""
        if not self.token:
            where = self.called or self.endpoint
            own = "`hf auth login`" if self.endpoint == HUGGING_FACE else "its token in TOOLREG_HUB_TOKEN"
            raise Forbidden(f"nobody is logged in at {where}", hint=f"{own}, or name a --namespace")
        name: str = self._ask("ask who you are", lambda: self._api.whoami())["name"]
        return name

    def read(self, repo_id: str, revision: str | None = None) -> Remote:
        """A repository's commit and files in one request. Raises NotFound."""
        info = self._ask(
            f"read {repo_id}",
            lambda: self._api.space_info(repo_id, revision=revision, files_metadata=True),
        )
        if not info.sha or info.siblings is None:
            raise Unsure(f"{self.endpoint} did not say which commit {repo_id} is at")
        files = {s.rfilename: (s.blob_id, s.size or 0) for s in info.siblings}
        return Remote(info.id, info.sha, files, bool(info.private))

    def create(self, repo_id: str, *, sdk: str = "static", private: bool = False) -> None:
        """A new Space; one that is there already is left as it is."""
        self._ask(
            f"create {repo_id}",
            lambda: self._api.create_repo(
                repo_id,
                repo_type="space",
                space_sdk=sdk,
                exist_ok=True,
                visibility="private" if private else None,
            ),
        )

    def commit(
        self,
        repo_id: str,
        add: Mapping[str, bytes],
        delete: Sequence[str],
        *,
        message: str,
        parent: str,
        create_pr: bool = False,
        apart: bool = False,
    ) -> tuple[str, str]:
        """One commit on top of `parent`, or Conflict; the new commit and the pull request's URL or "".

        apart: the Hub is asked which files go on their own, as binary and large ones do.
        Raises Unsure where it may have been made all the same.
        """
        try:
            operations: list[CommitOperationAdd | CommitOperationDelete] = [
                CommitOperationAdd(*file) if apart else _regular(file) for file in add.items()
            ]
            operations += [CommitOperationDelete(path, is_folder=False) for path in delete]
        except ValueError as error:  # a path that huggingface_hub does not send
            raise UsageError(
                f"cannot commit to {repo_id}: {one_line(error)}", hint="rename the file"
            ) from error
        info = self._ask(
            f"commit to {repo_id}",
            lambda: self._api.create_commit(
                repo_id,
                list(operations),
                commit_message=message,
                repo_type="space",
                parent_commit=parent,
                create_pr=create_pr,
            ),
            reading=False,
        )
        return info.oid, info.pr_url or ""

    def tags(self, repo_id: str) -> dict[str, str]:
        """Tag → commit."""
        refs = self._ask(
            f"read the tags of {repo_id}", lambda: self._api.list_repo_refs(repo_id, repo_type="space")
        )
        return {tag.name: tag.target_commit for tag in refs.tags}

    def tag(self, repo_id: str, name: str, commit: str) -> None:
        """A new tag. Raises Conflict if the name is taken."""
        self._ask(
            f"tag {repo_id}",
            lambda: self._api.create_tag(repo_id, tag=name, revision=commit, repo_type="space"),
            reading=False,
        )

    def download(self, repo_id: str, path: str, commit: str, *, limit: int) -> bytes:
        """A file at a commit, at most `limit` bytes of it; one more means that it is longer."""

        def send() -> bytes:
            where = hf_hub_url(repo_id, path, repo_type="space", revision=commit, endpoint=self.endpoint)
            return self._get(where, limit)

        return self._ask(f"download {path} of {repo_id}", send)

    def spaces(
        self, *, filter: Sequence[str] = (), author: str | None = None, newest_first: bool = False
    ) -> Iterator[Space]:
        """The Hub's listing, page by page as it is read."""
        # Not HfApi.list_spaces: it waits minutes at a rate limit or for a Hub that is not there.
        asked = [("author", author or ""), ("sort", "lastModified" if newest_first else "")]
        words = [("filter", tag) for tag in filter] + [("expand", name) for name in LISTED]
        url = f"{self.endpoint}/api/spaces?" + urlencode(
            [*((k, v) for k, v in asked if v), *words, ("limit", PAGE)]
        )
        while url:
            rows, url = self._ask("list the Hub", lambda at=url: self._page(at))  # type: ignore[misc]
            yield from rows

    def collection(self, slug: str) -> tuple[str, ...]:
        """The Spaces of a collection `owner/title-id`, in its order; its models, papers and data sets are left out."""
        found = self._ask(f"read the collection {slug}", lambda: self._api.get_collection(slug))
        return tuple(item.item_id for item in found.items if item.item_type == "space")

    def _page(self, url: str) -> tuple[list[Space], str]:
        """The rows of a page, and where the next one is, or ""."""
        response = get_session().get(url, headers=self._api._build_hf_headers())
        hf_raise_for_status(response)
        following = response.links.get("next", {}).get("url", "")
        if following and not following.startswith(self.endpoint + "/"):
            raise ValueError("the next page is on another Hub")
        return [space_of(row) for row in response.json()], following

    def _get(self, url: str, limit: int) -> bytes:
        with get_session().stream("GET", url, headers=self._api._build_hf_headers()) as response:
            hf_raise_for_status(response)
            data = bytearray()
            for chunk in response.iter_bytes():
                data += chunk
                if len(data) > limit:
                    break
            return bytes(data[: limit + 1])

    def _ask(self, action: str, send: Callable[[], _T], *, reading: bool = True) -> _T:
        """Send, with our errors. Reading is tried three times; a told rate limit is waited for."""
        waited, tries = 0.0, 0
        while True:
            try:
                with counting(self), translated(action, self.called or self.endpoint):
                    return send()
            except RateLimited as error:
                pause = getattr(error, "seconds", None)
                if pause is None or waited + pause > self.patience:
                    raise
                waited += pause
            except Unsure:
                tries += 1
                if not reading or tries >= 3:
                    raise
                pause = 0.2 * tries
            time.sleep(pause)


def own_token() -> str | None:
    """The user's own login to the Hugging Face Hub, or a CI's, where huggingface_hub keeps it. Raises Forbidden."""
    with translated("log in", HUGGING_FACE):
        return get_token()


class _Api(HfApi):
    """HfApi that sends what is asked of it and nothing else."""

    def _build_hf_headers(self, *_: object, **__: object) -> dict[str, str]:
        # HfApi's own asks huggingface.co which agent runs it, whatever the endpoint is.
        headers = {"user-agent": f"toolreg; hf_hub/{hub_version}"}
        return {**headers, "authorization": f"Bearer {self.token}"} if self.token else headers

    def _validate_yaml(self, *_: object, **__: object) -> None:
        """Not in a request of its own: the Hub checks the README of a commit anyway."""


def _regular(file: tuple[str, bytes]) -> CommitOperationAdd:
    """A file sent within the commit; known beforehand, so that nobody asks the Hub how to send it."""
    operation = CommitOperationAdd(*file)
    operation._upload_mode = "regular"
    return operation


_lock = threading.Lock()
_installed = threading.Event()


def _install_client() -> None:
    """Give huggingface_hub's one shared client a timeout (it has none), and no proxy before loopback."""
    if not _installed.is_set():
        _installed.set()
        set_client_factory(lambda: new_client(hf_request_event_hook))


# Every exception of the two libraries, the particular before the general: ours, and what to say. A
# test holds that none is missing. HTTP errors without words go by their status. ValueError to
# AttributeError: a cut or odd body, on which huggingface_hub stumbles.
TABLE: Table = (
    ((hf.OfflineModeIsEnabled,), Offline, "offline mode is on (HF_HUB_OFFLINE)"),
    ((hf.HFValidationError, hf.HfUriError), UsageError, "that is no NAMESPACE/NAME"),
    ((hf.LocalTokenNotFoundError, hf.OIDCError), Forbidden, "nobody is logged in"),
    ((hf.RevisionNotFoundError, hf.RevisionResolutionError), NotFound, "{endpoint} has no such revision"),
    ((hf.EntryNotFoundError,), NotFound, "{endpoint} has no such file"),
    ((hf.RepositoryNotFoundError,), NotFound, "{endpoint} has no such repository"),
    ((hf.HfHubHTTPError, httpx2.HTTPStatusError), HubError, ""),
    ((httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.ProxyError), Offline, "{endpoint} cannot be reached"),
    ((httpx2.InvalidURL, httpx2.UnsupportedProtocol), UsageError, "'{endpoint}' is no address"),
    ((httpx2.TimeoutException,), Unsure, "{endpoint} did not answer in time"),
    ((Endless,), Unsure, "{endpoint} answers without end"),
    ((httpx2.HTTPError, httpx2.StreamError), Unsure, "the connection to {endpoint} broke"),
    ((ValueError, KeyError, TypeError, AttributeError, RecursionError), Unsure, "{endpoint}'s answer makes no sense"),
)  # fmt: skip
HANDLED = tuple(kind for kinds, _, _ in TABLE for kind in kinds)


@contextmanager
def translated(action: str, endpoint: str) -> Iterator[None]:
    """Raise ours for everything a Hub client raises. `action` completes "cannot …"."""
    try:
        yield
    except HANDLED as error:
        raise translate(error, TABLE, action, endpoint) from error
