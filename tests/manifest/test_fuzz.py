"""Whatever arrives: a verified manifest, or one VerificationError. Nothing else, ever."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from toolreg.errors import VerificationError
from toolreg.manifest import Anyone, parse_manifest, sign, verify
from toolreg.manifest.keys import new_key
from toolreg.manifest.names import problem_of_name, problem_of_names

QUICK = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@QUICK
@given(
    st.dictionaries(
        st.text() | st.sampled_from(["toolreg.json", "toolreg.json.sigstore", "tool.py"]), st.binary()
    )
)
def test_any_files_at_all(files):
    with pytest.raises(VerificationError):
        verify(files, Anyone())


@QUICK
@given(JSON)
def test_any_json_signed_by_anybody(value):
    data = json.dumps(value).encode()
    with pytest.raises(VerificationError):
        verify({"toolreg.json": data, "toolreg.json.sigstore": sign(data, new_key())}, Anyone())


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(p for key, v in inner for p in places(v, (*path, key)))]


@QUICK
@given(data=st.data(), value=JSON)
def test_any_value_at_any_place_of_a_manifest(published, data, value):
    manifest = json.loads(published["toolreg.json"])
    *folders, last = data.draw(st.sampled_from([p for p in places(manifest) if p]))
    place = manifest
    for key in folders:
        place = place[key]
    place[last] = value
    error = refusal(json.dumps(manifest).encode())
    assert error is None or (error.hint and "\n" not in str(error))


def refusal(manifest: bytes) -> VerificationError | None:
    try:
        parse_manifest(manifest)
    except VerificationError as error:
        return error
    return None


@QUICK
@given(st.lists(st.text(alphabet=st.characters() | st.sampled_from("./\\:aA"), max_size=12)))
def test_any_names(names):
    problem_of_names(names)
    for name in names:
        if not problem_of_name(name):
            assert not name.startswith("/")
            assert ".." not in name.split("/")
            assert name.isprintable()
