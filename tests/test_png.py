"""The encoder of the views, read back by a library that knows PNG well."""

import io

import numpy as np
import pytest
from PIL import Image

from kernelfit.views.png import png_of


@pytest.mark.parametrize("size", [(1, 1), (430, 900), (7, 3)])
def test_a_png_holds_the_pixels(size):
    pixels = np.random.default_rng(1).integers(0, 256, (*size, 4), dtype=np.uint8)
    with Image.open(io.BytesIO(png_of(pixels))) as picture:
        picture.verify()  # its checksums
    with Image.open(io.BytesIO(png_of(pixels))) as picture:
        assert picture.mode == "RGB"
        assert np.array_equal(np.asarray(picture), pixels[..., :3])
