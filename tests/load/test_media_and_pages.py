"""Images, sound and long results of loaded tools: smolagents' own types, nothing pickled, everything bounded."""

from __future__ import annotations

import base64
import io
import math
import struct
import zlib

import pytest

from toolreg.harness import media
from toolreg.load import Room, ToolFailed, load_tool
from toolreg.sandbox import Limits, Sandbox

PIL = pytest.importorskip("PIL.Image", reason="needs Pillow")

BODY = """from smolagents import Tool


class Try(Tool):
    name = "try_it"
    description = "Try something."
    inputs = {inputs}
    output_type = "{output}"

    def forward(self{parameters}):
        {code}
"""


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as one:
        yield one


@pytest.fixture
def loaded(shelf, trust, sandbox):
    def load(code, output="any", room=None, head="", **inputs):
        schema = {name: {"type": kind, "description": "x"} for name, kind in inputs.items()}
        body = head + BODY.format(
            inputs=schema, output=output, code=code.replace("\n", "\n        "),
            parameters="".join(f", {name}" for name in inputs),
        )  # fmt: skip
        shelf.publish("acme/try", code=body, entry="Try", name="try_it", inputs=schema, output_type=output)
        return load_tool("acme/try", fetch=shelf.fetch, trust=trust, room=room, sandbox=sandbox)

    return load


def picture(mode="RGB", size=(32, 20)):
    image = PIL.new(mode, size)
    image.putpixel((3, 4), {"RGB": (1, 2, 3), "RGBA": (1, 2, 3, 4), "L": 7, "1": 1}[mode])
    return image


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "1"])
def test_an_image_goes_in_and_comes_out_pixel_for_pixel(loaded, mode):
    tool = loaded("return picture.transpose(0)", "image", picture="image")
    given = picture(mode)
    result = tool(given)
    assert (result.mode, result.size) == (mode, given.size)
    assert result.tobytes() == given.transpose(0).tobytes()


def test_smolagents_own_image_goes_in_and_comes_out(loaded):
    from smolagents.agent_types import AgentImage

    tool = loaded("return AgentImage(picture.convert('L'))", "image", picture="image",
                  head="from smolagents.agent_types import AgentImage\n")  # fmt: skip
    result = tool(AgentImage(picture()), sanitize_inputs_outputs=True)
    assert isinstance(result, AgentImage)
    assert result.to_raw().mode == "L"
    assert tool(picture=AgentImage(picture())).size == (32, 20)


def test_what_a_picture_says_beside_its_pixels_stays_inside(loaded):
    code = (
        "import io\nfrom PIL import Image, PngImagePlugin\ninfo = PngImagePlugin.PngInfo()\n"
        "info.add_text('note', 'hidden')\nout = io.BytesIO()\nImage.new('RGB', (2, 2)).save(out, 'PNG', pnginfo=info)\n"
        "return out.getvalue()"
    )
    assert loaded(code, "image")().info == {}


def test_a_path_inside_is_read_there(loaded):
    code = "from PIL import Image\nImage.new('RGB', (5, 6)).save('/tmp/x.png')\nreturn '/tmp/x.png'"
    assert loaded(code, "image")().size == (5, 6)


def _chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


BOMB = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    + _chunk(b"IEND", b"")
)
GIF = io.BytesIO()
PIL.new("P", (2, 2)).save(GIF, "GIF")


@pytest.mark.parametrize(
    "told",
    [
        {"kind": "image", "data": base64.b64encode(BOMB).decode()},
        {"kind": "image", "data": base64.b64encode(GIF.getvalue()).decode()},
        {"kind": "image", "data": base64.b64encode(b"\x80\x04\x95pickle").decode()},
        {"kind": "image", "data": "?"},
        {"kind": "image"},
        {"kind": "audio", "data": "", "shape": [10**12], "rate": 1},
        {"kind": "audio", "data": "AAAAAA==", "shape": [1], "rate": -1},
        {"kind": "audio", "data": "AAAAAA==", "shape": ["1"], "rate": 1},
        {"kind": "code", "data": "AAAAAA==", "shape": [1], "rate": 1},
        "x", None, 7, [],
    ],
    ids=lambda told: str(told)[:40],
)  # fmt: skip
def test_a_forged_image_or_sound_is_one_clear_error(loaded, told):
    tool = loaded(f"return {{'toolreg.media': {told!r}}}", "image")
    with pytest.raises(ToolFailed, match="try_it returned what "):
        tool()


def test_sound_goes_in_and_comes_out(loaded):
    tool = loaded("rate, samples = sound\nreturn (rate, samples[::-1])", "audio", sound="audio")
    samples = [math.sin(n / 10) for n in range(1000)]
    rate, back = tool((8000, samples))
    assert rate == 8000
    assert list(back) == pytest.approx(samples[::-1], abs=1e-6)
    rate, back = tool((8000, [[0.5, -0.5], [0.25, 0.0]]))
    assert [list(frame) for frame in back] == [[0.25, 0.0], [0.5, -0.5]]


def test_a_wav_file_of_the_tool_is_read_inside(loaded):
    code = (
        "import wave\nwith wave.open('/tmp/x.wav', 'wb') as file:\n    file.setnchannels(1)\n    file.setsampwidth(2)\n"
        "    file.setframerate(22050)\n    file.writeframes(b'\\x00\\x40' * 5)\nreturn '/tmp/x.wav'"
    )
    rate, samples = loaded(code, "audio")()
    assert (rate, list(samples)) == (22050, [0.5] * 5)


def test_sound_can_be_written_as_wav():
    import wave

    with wave.open(io.BytesIO(media.wav(8000, [[0.0, 1.0], [-1.0, 2.0]]))) as file:
        assert (file.getframerate(), file.getnchannels(), file.getnframes()) == (8000, 2, 2)


def test_smolagents_own_sound(loaded):
    torch = pytest.importorskip(
        "torch", reason="AgentAudio needs torch and soundfile: pip install 'smolagents[audio]'"
    )
    pytest.importorskip("soundfile", reason="AgentAudio needs torch and soundfile")
    from smolagents.agent_types import AgentAudio

    tool = loaded("return AgentAudio((16000, sound[1].numpy()))", "audio", sound="audio",
                  head="from smolagents.agent_types import AgentAudio\n")  # fmt: skip
    result = tool((16000, torch.zeros(100)), sanitize_inputs_outputs=True)
    assert isinstance(result, AgentAudio)


def test_too_large_an_image_does_not_enter(loaded, monkeypatch):
    monkeypatch.setattr(media, "MOST_PIXELS", 100)
    with pytest.raises(ToolFailed, match="argument 'picture' has more than"):
        loaded("return 1", picture="image")(picture())


def test_a_text_of_fifty_megabytes_comes_whole_or_in_pages(loaded):
    tool = loaded("return 'é' * 25_000_000 + 'end'", "string")
    assert len(tool()) == 25_000_003
    pages = tool.pages(page=1 << 20)
    assert len(pages) == 24
    assert {len(page) for page in pages} <= set(range(1, (1 << 20) + 1))
    assert pages.whole().endswith("éend")


def test_a_list_of_many_rows_comes_in_pages(loaded):
    tool = loaded("return [[n, str(n)] for n in range(300_000)]", "array")
    pages = tool.pages()
    first = next(iter(pages))
    assert first[:2] == [[0, "0"], [1, "1"]]
    assert len(pages) > 3
    whole = pages.whole()
    assert (len(whole), whole[-1]) == (300_000, [299_999, "299999"])


def test_any_other_result_is_one_page(loaded):
    pages = loaded("return {'a': [1, None]}", "object").pages()
    assert (len(pages), pages.whole()) == (1, {"a": [1, None]})


def test_what_is_beyond_the_limit_is_a_clear_error(loaded):
    tool = loaded("return 'x' * 3_000_000", "string", room=Room(limits=Limits(result=1 << 20)))
    with pytest.raises(ToolFailed, match="returned more than 1 MiB") as caught:
        tool()
    assert "limits=Limits(result=" in caught.value.hint
    with pytest.raises(ToolFailed, match="returned more than 1 MiB"):
        tool.pages()


def forging(told):
    """A tool that reaches into the door it is called through, and has it give other pages."""
    return (
        "import sys\ndoor = sys.modules['tool'].toolreg_call\n"
        "cell = door.__closure__[door.__code__.co_freevars.index('_toolreg_paged')]\n"
        f"cell.cell_contents = lambda value: {{'toolreg.pages': {told!r}}}\nreturn 1"
    )


def test_a_tool_with_its_own_print_type_and_list_is_called_as_any_other(loaded):
    names = "type = isinstance = list = str = getattr = None\ndef isinstance(*_): return True\n"
    tool = loaded("return 'whole'", "string", head=names)
    assert tool() == "whole"
    assert tool.pages().whole() == "whole"


@pytest.mark.parametrize("told", [{}, {"kind": "list", "pages": [1]}, {"kind": "x", "pages": []}, 7])
def test_forged_pages_are_one_clear_error(loaded, told):
    tool = loaded(forging(told))
    with pytest.raises(ToolFailed, match="no pages"):
        tool.pages()


def test_pages_that_lie_about_their_kind(loaded):
    told = {"kind": "list", "pages": ['{"a": 1}', "[" * 100_000]}
    tool = loaded(forging(told))
    pages = tool.pages()
    with pytest.raises(ToolFailed, match="no list"):
        list(pages)
