"""Tests of the scenes: what is drawn is what the layer computes."""

import pytest

# These hold laws that several tests share; a failure there should show its values as well.
pytest.register_assert_rewrite("tests.drawing.plane", "tests.drawing.truth")
