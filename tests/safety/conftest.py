"""The kits of this folder explain their failures as tests do."""

import pytest

pytest.register_assert_rewrite("safety_kit", "proof_kit")
