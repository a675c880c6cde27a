"""What readers see, in a real Chromium."""

import pytest

# These hold assertions that several tests share; a failure there should show its values as well.
pytest.register_assert_rewrite("tests.browser.looks")
