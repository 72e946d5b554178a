"""One call of a tool from a file: an image or sound is named by its path, and comes back as a path."""

from __future__ import annotations

import tempfile
import wave
from pathlib import Path

import pytest

from toolreg import calling
from toolreg.errors import UsageError

PIL = pytest.importorskip("PIL.Image", reason="needs Pillow")

SOURCE = '''from smolagents import Tool


class Turn(Tool):
    """Turn something round.

    Side effects: none
    """

    name = "turn"
    description = "Turn something round."
    inputs = {{"thing": {{"type": "{kind}", "description": "Any."}}}}
    output_type = "{kind}"

    def forward(self, thing):
        {body}
'''


@pytest.fixture(autouse=True)
def own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))


def called(tmp_path: Path, kind: str, body: str, thing: object) -> calling.Called:
    path = tmp_path / "turn.py"
    path.write_text(SOURCE.format(kind=kind, body=body))
    with calling.open_tool(str(path)) as tool:
        return calling.call(tool, {"thing": thing}, workspace=str(tmp_path), env={})


def test_an_image_goes_in_and_out_as_a_file(tmp_path: Path) -> None:
    PIL.new("RGB", (7, 5), "red").save(tmp_path / "a.jpg")
    done = called(tmp_path, "image", "return thing.transpose(2)", str(tmp_path / "a.jpg"))
    assert done.error == ""
    with PIL.open(done.value) as image:
        assert (image.format, image.size) == ("PNG", (5, 7))


def test_sound_goes_in_and_out_as_a_file(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "a.wav"), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(b"\x00\x40\x00\x00")
    done = called(tmp_path, "audio", "return (thing[0], thing[1][::-1])", str(tmp_path / "a.wav"))
    with wave.open(done.value) as file:
        assert (file.getframerate(), file.readframes(9)) == (8000, b"\x00\x00\x00\x40")


@pytest.mark.parametrize("kind", ["image", "audio"])
def test_a_file_of_another_kind_is_refused_before_anything_runs(tmp_path: Path, kind: str) -> None:
    (tmp_path / "a.txt").write_text("hello")
    with pytest.raises(UsageError, match="argument 'thing'"):
        called(tmp_path, kind, "return thing", str(tmp_path / "a.txt"))


def test_a_forged_image_is_an_error_and_no_file(tmp_path: Path) -> None:
    done = called(tmp_path, "image", "return {'toolreg.media': {'kind': 'image', 'data': 'AAAA'}}", "x")
    assert done.value is None
    assert "is no readable image" in done.error
    assert list((tmp_path / "tmp").glob("*.png")) == []
