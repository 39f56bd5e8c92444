"""The one door to the tissue model: an ice-ball estimate from the measured tip temperature.

`python -m console.estimate` is a process of its own: samples come in as lines of JSON on stdin,
estimates go out as lines on stdout. It knows the book's tissue, the measured tip and the probe's
model, nothing else; the band is what tissue 20 % off the book in conductivity and perfusion would
give. The size of a model is the host's own, from probes.toml: for a probe that is not in it there
is no estimate.
"""

import os
import sys
import tomllib
from functools import cache
from importlib import resources
from typing import Final

import msgspec

from console.model.estimate import Band, Estimate
from console.model.snapshot import Sample
from simulator.physics.tip_driven import TipDriven

EVERY_MS: Final = 1_000
STEP_MS: Final = 200
LONGEST_STEP_S: Final = 30.0
NERVE_DISTANCE_MM: Final = 1.5
"""Where the nerve is assumed when nobody has said it, from the probe's surface."""
LESION_CELSIUS: Final = -20.0
FREE_CELSIUS: Final = 10.0
FREE_FOR_S: Final = 5.0
"""The probe is free when its tip has been above that for so long (safety.toml, release)."""
FORECAST_EVERY_MS: Final = 10_000
LONGEST_THAW_S: Final = 900.0
WHOLE_AFTER_S: Final = 3_600.0
"""After an hour without a reading the tissue is taken as warm again."""
_SCALES: Final = ((1.0, 1.0), (0.8, 1.2), (1.2, 0.8))
"""(conductivity, perfusion) of the book and of the two ends of the band."""


class _Size(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    diameter_mm: float
    length_mm: float


@cache
def sizes() -> dict[str, _Size]:
    """Size of the active tip by model, of the probes that the host knows."""
    text = resources.files("console").joinpath("probes.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, _Size])


class _Forecast(msgspec.Struct, frozen=True):
    """When each model is free of its ice, device time in ms, as told at `made_ms`."""

    made_ms: int
    free_ms: tuple[float, ...]


class Reckoner:
    """Feeds samples to three models, and tells the estimate once a second and at each gas-off.

    A sample that names no probe is of the last one that was named; before the first there is no
    estimate, as there is none for a model that is not in probes.toml. Another model, another site
    and another patient begin with fresh tissue, another placement with a nerve that was not cold.
    """

    def __init__(self, nerve_distance_mm: float = NERVE_DISTANCE_MM) -> None:
        self._nerve_mm = nerve_distance_mm
        self._probe: str | None = None
        self._site: int | None = None
        self._placement: int | None = None
        self._models: list[TipDriven] = []
        self._nerve_s: list[float] = []
        self._last: Sample | None = None
        self._told_ms: int | None = None
        self._forecast: _Forecast | None = None

    def _begin(self) -> None:
        size = sizes().get(self._probe or "")
        self._models = [
            TipDriven(
                conductivity_scale=k,
                perfusion_scale=w,
                radius_mm=size.diameter_mm / 2,
                length_mm=size.length_mm,
            )
            for k, w in _SCALES
            if size is not None
        ]
        self._nerve_s = [0.0] * len(self._models)

    def take(self, sample: Sample) -> Estimate | None:
        """The estimate at this sample, None between the tellings. Device time that jumps back, as
        after a restart, starts no new tissue: the patient is the same."""
        probe = sample.probe or self._probe
        if (probe, sample.site) != (self._probe, self._site):
            self._probe, self._site, self._last = probe, sample.site, None
            self._begin()
        if sample.placement != self._placement:
            # The ice of before may still be near: the tissue stays, another nerve's piece begins.
            self._placement = sample.placement
            self._nerve_s = [0.0] * len(self._models)
        tip, last = sample.tip_celsius, self._last
        if tip is None or not self._models:
            return None
        if last is None or sample.at_ms < last.at_ms:
            self._last = sample
            return None
        shut = last.valve_open and not sample.valve_open
        if sample.at_ms - last.at_ms < STEP_MS and not shut:
            return None
        dt_s = (sample.at_ms - last.at_ms) / 1_000
        if dt_s > WHOLE_AFTER_S:
            self._begin()
        else:
            self._advance(dt_s, min(max(tip, -120.0), 60.0))
        self._last = sample
        self._look_ahead(sample, tip)
        due = self._told_ms is None or sample.at_ms - self._told_ms >= EVERY_MS
        if not (due or shut):
            return None
        self._told_ms = sample.at_ms
        return self._estimate(sample.at_ms)

    def _advance(self, dt_s: float, tip: float) -> None:
        while dt_s > 0:
            step_s = min(dt_s, LONGEST_STEP_S)
            for index, model in enumerate(self._models):
                model.advance(step_s, tip)
                if model.temperature_at(self._nerve_mm) < LESION_CELSIUS:
                    self._nerve_s[index] += step_s
            dt_s -= step_s

    def _look_ahead(self, sample: Sample, tip: float) -> None:
        """With the gas shut and something frozen, how the thaw will go on; told anew now and then,
        as the measured tip corrects the models."""
        frozen = tip <= FREE_CELSIUS or self._models[0].ice_edge_mm > 0.0
        if sample.valve_open or not frozen:
            self._forecast = None
            return
        before = self._forecast
        if before is not None and 0 <= sample.at_ms - before.made_ms < FORECAST_EVERY_MS:
            return
        thaws = [model.thaw_s(FREE_CELSIUS, FREE_FOR_S, LONGEST_THAW_S) for model in self._models]
        self._forecast = _Forecast(
            sample.at_ms,
            tuple(sample.at_ms + 1_000 * each for each in thaws if each is not None),
        )

    def _free_in_s(self, at_ms: int) -> Band | None:
        forecast = self._forecast
        if forecast is None or len(forecast.free_ms) < len(self._models):
            return None
        # Until the tip has been warm for so long, that long is left at least.
        return _band([max(FREE_FOR_S, (each - at_ms) / 1_000) for each in forecast.free_ms])

    def _estimate(self, at_ms: int) -> Estimate:
        models = self._models
        return Estimate(
            at_ms=at_ms,
            ice_edge_mm=_band([model.ice_edge_mm for model in models]),
            minus20_mm=_band([model.minus20_mm for model in models]),
            minus20_reach_mm=_band([model.minus20_reach_mm for model in models]),
            nerve_distance_mm=self._nerve_mm,
            nerve_below_s=_band(self._nerve_s),
            free_in_s=self._free_in_s(at_ms),
            probe=self._probe or "",
            site=self._site,
            placement=self._placement,
        )


def _band(values: list[float]) -> Band:
    rounded = [round(value, 3) for value in values]
    return Band(rounded[0], min(rounded), max(rounded))


def main() -> None:
    """Samples in on stdin, estimates out on stdout, until the input ends or nobody reads on."""
    decoder = msgspec.json.Decoder(Sample)
    encode = msgspec.json.Encoder().encode
    reckoner = Reckoner()
    for line in sys.stdin.buffer:
        estimate = reckoner.take(decoder.decode(line))
        if estimate is None:
            continue
        try:
            os.write(sys.stdout.fileno(), encode(estimate) + b"\n")
        except BrokenPipeError:  # whoever asked has been killed
            return


if __name__ == "__main__":
    main()
