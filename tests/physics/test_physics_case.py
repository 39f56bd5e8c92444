"""CASE.toml: what is accepted, and that nonsense is refused by the key's name."""

from __future__ import annotations

import pytest

from simulator.physics.case import case_grid, parse_case, run
from simulator.physics.cases import case_names, case_text

_FULL = """
geometry = "plane"
radius_mm = 0.7
length_mm = 6.0
initial_celsius = 37.0
times_s = [3.0]
points_mm = [3.0, 10.0]
isotherms_celsius = [-20.0]
steady = false
[boundary]
kind = "temperature"
celsius = -70.0
film_w_m2k = 6000.0
sink_w_m = 500.0
sink_w_sqrt_s = 0.3
[tissue]
k_unfrozen_w_mk = 0.5
k_frozen_w_mk = 2.0
c_unfrozen_j_m3k = 3.6e6
c_frozen_j_m3k = 1.8e6
latent_j_m3 = 250e6
liquidus_celsius = 0.0
solidus_celsius = 0.0
perfusion_w_m3k = 0.0
arterial_celsius = 37.0
metabolism_w_m3 = 0.0
"""


def test_the_page_s_own_example_runs() -> None:
    heard: list[float] = []
    answer = run(parse_case(_FULL), heard.append, backend="numpy", clock=iter([5.0, 7.5]).__next__)
    assert answer.times_s == [3.0]
    assert answer.elapsed_s == 2.5
    assert answer.tip_celsius is None
    assert list(answer.isotherm_radius_mm) == ["-20.0"]
    assert 0.0 < answer.isotherm_radius_mm["-20.0"][0] < answer.frozen_radius_mm[0]
    assert heard[-1] == 1.0
    assert heard == sorted(heard)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('"plane"', '"cube"', "geometry"),
        ("radius_mm = 0.7", "radius_mm = -0.7", "radius_mm"),
        ("radius_mm = 0.7", "radius_mm = nan", "radius_mm"),
        ('"plane"\nradius_mm = 0.7', '"sphere"', "radius_mm"),
        ('"plane"', '"cylinder"\npoints_mm = [0.5]\n#', "points_mm"),
        ("length_mm = 6.0", "length_mm = 0.0", "length_mm"),
        ("initial_celsius = 37.0", "initial_celsius = -300.0", "initial_celsius"),
        ("initial_celsius = 37.0", 'initial_celsius = "warm"', "initial_celsius"),
        ("initial_celsius = 37.0", "initial_celsius = 37.0\ncolour = 3", "colour"),
        ("times_s = [3.0]", "times_s = []", "times_s"),
        ("times_s = [3.0]", "times_s = [3.0, 2.0]", "times_s"),
        ("times_s = [3.0]", "times_s = [-3.0]", "times_s"),
        ("times_s = [3.0]", "times_s = [inf]", "times_s"),
        ("points_mm = [3.0, 10.0]", "points_mm = [nan]", "points_mm"),
        ("[-20.0]", "[-400.0]", "isotherms_celsius"),
        ("steady = false", "steady = true", "steady"),
        ("steady = false", "steady = 3", "steady"),
        ('kind = "temperature"', 'kind = "magic"', "boundary.kind"),
        ('kind = "temperature"', 'kind = "line_sink"', "boundary.kind"),
        ("celsius = -70.0", "celsius = nan", "boundary.celsius"),
        ("film_w_m2k = 6000.0", "film_w_m2k = -1.0", "boundary.film_w_m2k"),
        ('kind = "temperature"\n', 'kind = "film"\n#', "boundary.film_w_m2k"),
        ("k_unfrozen_w_mk = 0.5", "k_unfrozen_w_mk = -0.5", "tissue.k_unfrozen_w_mk"),
        ("k_frozen_w_mk = 2.0", "k_frozen_w_mk = nan", "tissue.k_frozen_w_mk"),
        ("c_frozen_j_m3k = 1.8e6", "c_frozen_j_m3k = 0.0", "tissue.c_frozen_j_m3k"),
        ("latent_j_m3 = 250e6", "latent_j_m3 = 0.0", "tissue.latent_j_m3"),
        ("solidus_celsius = 0.0", "solidus_celsius = 5.0", "tissue.liquidus_celsius"),
        ("perfusion_w_m3k = 0.0", "perfusion_w_m3k = -1.0", "tissue.perfusion_w_m3k"),
        ("metabolism_w_m3 = 0.0", "metabolism_w_m3 = 0.0\nwetness = 1.0", "tissue.wetness"),
        ("[tissue]", "[tissue", "not TOML"),
    ],
)
def test_nonsense_is_refused_by_name(old: str, new: str, key: str) -> None:
    text = _FULL
    if "film_w_m2k" in key and "film" in new and "kind" in new:
        text = text.replace("film_w_m2k = 6000.0\n", "")
        new = 'kind = "film"\n'
    if key == "points_mm" and "cylinder" in new:
        text = text.replace("points_mm = [3.0, 10.0]\n", "")
    assert old in text
    with pytest.raises(ValueError, match=f"^{key}: ") as caught:
        parse_case(text.replace(old, new, 1))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({'"plane"': '"probe"', "steady = false": "cell_mm = 0.001"}, "cell_mm"),
        ({'"plane"': '"probe"', "steady = false": "cell_mm = 0.02\nlength_mm = 900.0"}, "cell_mm"),
        ({"steady = false": "cell_mm = 0.001", "[3.0]": "[3.0, 86400.0]"}, "cell_mm"),
        ({"[3.0]": "[1e-6, 86400.0]"}, "times_s"),
        ({'"plane"': '"probe"', "[3.0]": "[1e-6]", "steady = false": "cell_mm = 0.001"}, "cell_mm"),
        ({'"plane"': '"probe"', "radius_mm = 0.7": "radius_mm = 0.002"}, "times_s"),
        (
            {
                '"plane"': '"probe"',
                "steady = false": "steady = true\ncell_mm = 0.02",
                "perfusion_w_m3k = 0.0": "perfusion_w_m3k = 1800.0",
            },
            "cell_mm",
        ),
    ],
)
def test_what_cannot_finish_is_refused_by_name_at_once(changes: dict[str, str], key: str) -> None:
    text = _FULL
    for old, new in changes.items():
        if "length_mm" in new:
            text = text.replace("length_mm = 6.0\n", "")
        assert old in text
        text = text.replace(old, new, 1)
    with pytest.raises(ValueError, match=f"^{key}: .*can finish"):
        parse_case(text)


def test_a_fine_but_possible_grid_is_not_refused() -> None:
    text = _FULL.replace('"plane"', '"probe"').replace("[3.0]", "[120.0]")
    assert parse_case(text.replace("steady = false", "cell_mm = 0.05")).cell_mm == 0.05


def test_probe_behind_a_film_needs_the_tip_s_numbers() -> None:
    text = _FULL.replace('"plane"', '"probe"').replace('"temperature"', '"film"')
    with pytest.raises(ValueError, match=r"^boundary.conductance_w_k: missing"):
        parse_case(text)


def test_probe_answers_tip_and_largest_radius() -> None:
    text = _FULL.replace('"plane"', '"probe"').replace("steady = false", "cell_mm = 0.5")
    answer = run(parse_case(text), backend="numpy")
    assert answer.tip_celsius == [pytest.approx(-70.0)]
    assert answer.frozen_radius_mm[0] > 0.7


def test_steady_probe_is_where_waiting_leads() -> None:
    text = _FULL.replace('"plane"', '"probe"').replace("celsius = -70.0", "celsius = -20.0", 1)
    text = text.replace("perfusion_w_m3k = 0.0", "perfusion_w_m3k = 2e5")
    text = text.replace("length_mm = 6.0", "length_mm = 3.0\ncell_mm = 0.35\nreach_mm = 12.0")
    steady = run(parse_case(text.replace("steady = false", "steady = true")), backend="numpy")
    waited = run(parse_case(text.replace("times_s = [3.0]", "times_s = [600.0]")), backend="numpy")
    assert steady.frozen_radius_mm == pytest.approx(waited.frozen_radius_mm, rel=0.02)
    assert steady.times_s == [None]
    assert steady.energy_residual < 1e-9


def test_a_finer_grid_moves_the_probe_s_ice_by_less_than_one_percent() -> None:
    text = case_text("v11-probe").replace("times_s = [5.0, 10.0, 60.0, 120.0]", "times_s = [30.0]")
    text = text[: text.index("[expected]")]
    coarse = run(parse_case(text), backend="numpy")
    fine = run(parse_case("cell_mm = 0.125\n" + text), backend="numpy")
    assert coarse.frozen_radius_mm == pytest.approx(fine.frozen_radius_mm, rel=0.01)


def test_shipped_cases_have_names() -> None:
    assert "v1-plane" in case_names()
    with pytest.raises(KeyError, match="shipped"):
        case_text("v99")


def test_grid_follows_the_times() -> None:
    short = case_grid(parse_case(_FULL))
    long = case_grid(parse_case(_FULL.replace("times_s = [3.0]", "times_s = [300.0]")))
    assert short.radius[-1] < long.radius[-1]
