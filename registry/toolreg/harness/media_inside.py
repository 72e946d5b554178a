"""Images and sound at a tool's door, inside the sandbox. This text is put after `door_inside`; nothing imports it here.

What comes in is made into what the tool would get from smolagents, what it gives is written as plain bytes.
"""
# mypy: ignore-errors


def _toolreg_made(value):
    if not isinstance(value, dict) or set(value) != {"toolreg.media"}:
        return value
    import base64
    import io

    told = value["toolreg.media"]
    data = base64.b64decode(told["data"])
    if told["kind"] == "image":
        from PIL import Image

        image = Image.open(io.BytesIO(data), formats=["PNG"])
        image.load()
        return image
    samples = _toolreg_shaped(data, told["shape"], told["form"])
    return samples if told["rate"] is None else (told["rate"], samples)


def _toolreg_shaped(data, shape, form):
    import array

    numbers = array.array("f", data)
    if form == "list":
        width = shape[1] if len(shape) > 1 else 0
        flat = numbers.tolist()
        return [flat[at : at + width] for at in range(0, len(flat), width)] if width else flat
    if form == "tensor":
        import torch

        return torch.tensor(numbers.tolist(), dtype=torch.float32).reshape(shape)
    import numpy

    return numpy.array(numbers, dtype="float32").reshape(shape)


def _toolreg_plain(value):
    """An image or sound as plain bytes; everything else as it is."""
    raw, rate = value, None
    if type(value).__module__ == "smolagents.agent_types" and hasattr(value, "to_raw"):
        raw, rate = value.to_raw(), getattr(value, "samplerate", None)
    if isinstance(raw, (str, bytes)) or hasattr(raw, "__fspath__"):
        raw = _toolreg_read(raw)
    if type(raw).__module__.split(".")[0] == "PIL" and hasattr(raw, "save"):
        return _toolreg_image(raw)
    if isinstance(raw, tuple) and len(raw) == 2 and isinstance(raw[0], int):
        rate, raw = raw
    elif _TOOLREG_OUTPUT != "audio" and type(raw).__module__.split(".")[0] != "torch":  # noqa: F821
        return value
    if _TOOLREG_OUTPUT == "audio" or type(raw).__module__.split(".")[0] == "torch":  # noqa: F821
        return _toolreg_sound(raw, rate, value)
    return value


def _toolreg_read(place):
    """A file or bytes that a tool names as its image or sound."""
    import io

    if _TOOLREG_OUTPUT not in ("image", "audio"):  # noqa: F821
        return place
    data = place
    if not isinstance(place, bytes):
        with open(place, "rb") as file:
            data = file.read()
    if _TOOLREG_OUTPUT == "image":  # noqa: F821
        from PIL import Image

        return Image.open(io.BytesIO(data))
    import array
    import wave

    with wave.open(io.BytesIO(data)) as sound:
        rate, channels, width = sound.getframerate(), sound.getnchannels(), sound.getsampwidth()
        raw = sound.readframes(sound.getnframes())
    if width not in (1, 2, 4):
        raise ValueError(f"a WAV file of {width * 8} bits cannot leave the sandbox; write 16")
    numbers = array.array({1: "B", 2: "h", 4: "i"}[width], raw)
    scale, middle = float(1 << (8 * width - 1)), 128 if width == 1 else 0
    samples = [(each - middle) / scale for each in numbers]
    if channels > 1:
        samples = [samples[at : at + channels] for at in range(0, len(samples), channels)]
    return (rate, samples)


def _toolreg_image(image):
    import base64
    import io

    kept = image if image.mode in ("1", "L", "LA", "RGB", "RGBA", "I;16") else image.convert("RGBA")
    out = io.BytesIO()
    kept.save(out, format="PNG", compress_level=1)
    return {"toolreg.media": {"kind": "image", "data": base64.b64encode(out.getvalue()).decode()}}


def _toolreg_sound(raw, rate, value):
    import array
    import base64

    samples = raw.tolist() if hasattr(raw, "tolist") else raw
    if not isinstance(samples, (list, tuple)):
        return value
    width = len(samples[0]) if samples and isinstance(samples[0], (list, tuple)) else 0
    flat = [each for frame in samples for each in frame] if width else samples
    data = base64.b64encode(array.array("f", flat).tobytes()).decode()
    shape = [len(samples), width] if width else [len(samples)]
    return {"toolreg.media": {"kind": "audio", "data": data, "shape": shape, "rate": rate}}
