"""Limits, presets and plans as files."""

from pathlib import Path

import pytest

from console import config
from console.model.plan import NextFreeze, problems

SHIPPED = Path(__file__).parents[2] / "examples" / "three-by-two.toml"
GOOD = SHIPPED.read_text("utf-8")


def test_everything_shipped_can_be_read() -> None:
    assert config.limits().by_key["link.stale_ms"] == 500
    assert config.presets()[0].name == "3 × 2:00"
    assert all(not problems(preset.plan) for preset in config.presets())
    assert config.demonstration().next_freeze is NextFreeze.AUTO
    assert config.demonstration().sites == config.plan(SHIPPED).sites


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("target_celsius = ", "not TOML"),
        (GOOD.replace("freeze_s = 120", "freeze_s = 300", 1), "freeze_s: 300, from 5 to 240"),
        (GOOD.replace("freeze_s = 120", "freeze_s = nan", 1), "freeze_s"),
        (GOOD.replace("freeze_s = 120", "freeze_s = 'long'", 1), "freeze_s"),
        (GOOD.replace("-70.0", "10.0"), "target_celsius: 10 is too warm"),
        (GOOD.replace("-70.0", "nan"), "target_celsius"),
        (GOOD.replace("-70.0", "-inf"), "target_celsius"),
        (GOOD.replace('"left"', '"L"'), "side"),
        (GOOD.replace("timing", "timming"), "timming"),
        (GOOD.replace('nerve = "saphenous"', 'nerve = " "'), "nerve: a name is needed"),
        ("sites = []", "sites: at least one"),
        ("[[sites]]\nnerve = 'x'\nside = 'left'\ncycles = []", "cycles: at least one"),
        (GOOD.replace("thaw_s = 45", "thaw_s = -1", 1), "thaw_s: −1, from 0"),
        (GOOD + "\n[stimulation]\nsensory_hz = 500\n", "sensory_hz: 500, from 50 to 100"),
    ],
)
def test_nonsense_is_one_line_that_says_what_and_where(
    tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(config.ConfigError) as caught:
        config.plan(path)
    words = str(caught.value)
    assert words.startswith(str(path)) and said in words and "\n" not in words


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(config.ConfigError, match="No such file"):
        config.plan(tmp_path / "nothing.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(config.ConfigError, match="not a text file"):
        config.plan(tmp_path / "bytes.toml")
