"""The session as a FHIR R4 bundle: what was done, with what, what was measured, where it is written
and who says so. Only elements that R4 has; units are UCUM's.

There is no patient in it: the subject is the local case number, and SIMULATED sessions carry the
security label HTEST (test health data).
"""

import base64
import hashlib
import math
import uuid
from collections.abc import Callable
from typing import Any, Final

import msgspec

from console.model.observation import Observation
from console.model.stimulation import StimulationRecord
from console.report import words
from console.report.account import Account, Freeze
from console.report.curves import exhaust_bar, flow_l_min, supply_bar
from console.report.part_mapping import facts
from drivers.inputs.text import safe

PERIOD_MS: Final = 1_000
"""Of the sampled data: the last reading of each second; the CSV holds them all."""
_SPACE: Final = uuid.UUID("6f1d7a2e-0f4b-5c7a-9b54-1f2c3d4e5f60")
_UCUM: Final = "http://unitsofmeasure.org"
_SIGNALS: Final = (
    ("Tip temperature", "°C", "Cel"),
    ("Supply pressure, absolute", "bar", "bar"),
    ("Exhaust pressure, absolute", "bar", "bar"),
    ("Flow of gas at 20 °C and 1 atm", "L/min", "L/min"),
)
_WHAT: Final = "Cryoneurolysis of a peripheral nerve"
_WHAT_MAPPED: Final = "Diagnostic block of a peripheral nerve (mapping visit)"
Resource = dict[str, Any]


class Document(msgspec.Struct, frozen=True):
    """A file that stands for the session: its name, MIME type and bytes."""

    name: str
    mime: str
    data: bytes


def bundle(account: Account, made: str, report: Document | None = None) -> bytes:
    """The bundle as JSON. `made`: the local time of its making, ISO 8601; `report`: the PDF that is
    exported with it, referred to and hashed. The same arguments give the same bytes."""
    maker = _Maker(account, made)
    devices = maker.devices()
    procedure = maker.procedure(devices)
    observations = [*maker.sampled(), *maker.tests(), *maker.freezes(), *maker.estimates()]
    documents = [maker.document(each) for each in maker.documents(report)]
    procedure["report"] = [maker.reference(each) for each in documents]
    told = [procedure, *observations]
    resources = [*devices, *told, *documents, maker.provenance(told, documents, devices)]
    found: Resource = {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": made,
        "identifier": {"value": account.session},
        "entry": [{"fullUrl": f"urn:uuid:{each['id']}", "resource": each} for each in resources],
    }
    if account.simulated:
        found["meta"] = {"security": [_TEST_DATA]}
    return msgspec.json.format(msgspec.json.encode(safe(found, keep="\n")), indent=1) + b"\n"


_TEST_DATA: Final = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason",
    "code": "HTEST",
    "display": "test health data",
}


class _Maker:
    """Makes the resources of one session."""

    def __init__(self, account: Account, made: str) -> None:
        self.account = account
        self.made = made
        case = account.case_number or "not given"
        marked = "SIMULATED, no patient; " if account.simulated else ""
        self.subject = {"display": f"{marked}case {case}", "identifier": {"value": case}}
        self._procedure = self._id("Procedure", "")

    def devices(self) -> list[Resource]:
        device = self.account.device
        found = [
            self._resource(
                "Device", "software", status="active",
                deviceName=[{"name": "Cryoprobe Console", "type": "model-name"}],
                version=[{"value": each} for each in self.account.programs],
                note=[{"text": words.NO_DEVICE}],
            )
        ]  # fmt: skip
        if device is None:
            return found
        name = f"{'SIMULATED ' if device.simulated else ''}{device.gas.label} gas console"
        found.append(
            self._resource(
                "Device", "console", status="active", serialNumber=device.serial,
                deviceName=[{"name": name, "type": "user-friendly-name"}],
                version=[{"value": device.firmware}],
                type={"text": "Gas console of a cryoneurolysis probe"},
            )
        )  # fmt: skip
        if device.probe is not None:
            found.append(
                self._resource(
                    "Device", "probe", status="active", serialNumber=device.probe.serial,
                    deviceName=[{"name": device.probe.model, "type": "model-name"}],
                    type={"text": "Cryoneurolysis probe"},
                )
            )  # fmt: skip
        return found

    def procedure(self, devices: list[Resource]) -> Resource:
        account = self.account
        period = {"start": account.started} if account.started else {}
        if account.events:
            period["end"] = account.events[-1].wall
        status = {"completed": "completed", "pain gone": "completed", "running": "in-progress"}.get(
            account.outcome, "stopped"
        )
        notes = [f"Amended {each.wall} by {each.who} ({each.why}): {each.text}"
                 for each in account.amendments]  # fmt: skip
        notes += [
            f"Went on, {each.given.kind.value}: {each.given.reason}" for each in account.overrides
        ]
        notes += [
            f"Console check, {each.given.item.value}: {each.given.standing.value}"
            + "".join(f" ({words})" for words in (each.given.measure, each.given.how) if words)
            for each in account.check
        ]
        notes += [
            f"Time-out, {each.given.item.value}: {'clear' if each.given.clear else 'not clear'}"
            + (f" ({each.given.how})" if each.given.how else "")
            for each in account.time_out
        ]
        if account.chosen is not None and account.chosen.how == "bedside":
            notes += [f"{name}: {told}" for name, told in words.day(account.chosen.preparation)]
        visit = account.mapped.visit if account.mapped else None
        if visit is None and account.mapping is not None:
            visit = account.mapping.visit
        notes += [
            f"Mapping visit, {name}: {told}" for name, told in (facts(visit) if visit else [])
        ]
        sites = dict.fromkeys(each.record.site for each in account.freezes)
        found = self._resource(
            "Procedure", "",
            status="completed" if account.mapped else status if account.freezes else "not-done",
            code={"text": _WHAT_MAPPED if account.mapped else _WHAT},
            subject=self.subject,
            outcome={"text": account.outcome},
            usedReference=[self.reference(each) for each in devices],
            note=[{"text": each} for each in (words.NO_DEVICE, *notes)],
        )  # fmt: skip
        if sites:
            found["bodySite"] = [{"text": words.site(account.site(at), at)} for at in sites]
        if period:
            found["performedPeriod"] = period
        if account.operator:
            found["performer"] = [{"actor": {"display": account.operator}}]
        return found

    def sampled(self) -> list[Resource]:
        values: tuple[Callable[[Observation], float | None], ...] = (
            lambda seen: seen.tip_celsius,
            supply_bar,
            exhaust_bar,
            flow_l_min,
        )
        found = []
        for (name, unit, code), value in zip(_SIGNALS, values, strict=True):
            data = self._data(value)
            if data.strip("E "):
                sampled = {
                    "origin": {"value": 0, "unit": unit, "system": _UCUM, "code": code},
                    "period": PERIOD_MS,
                    "dimensions": 1,
                    "data": data,
                }
                found.append(
                    self._observation(name, name, valueSampledData=sampled, method="measured")
                )
        return found

    def tests(self) -> list[Resource]:
        return [self._test(at, each.record) for at, each in enumerate(self.account.tests)]

    def _test(self, at: int, test: StimulationRecord) -> Resource:
        values = (
            ("Set", test.answered_ua, test.unit, test.unit, 1_000),
            ("Delivered", test.delivered_ua, test.unit, test.unit, 1_000),
            ("Impedance", test.impedance_ohm, "Ω", "Ohm", 1),
            ("Rate", test.rate_hz, "Hz", "Hz", 1),
            ("Pulse", test.pulse_ms, "ms", "ms", 1),
        )
        return self._observation(
            f"stimulation {at}",
            f"Stimulation, {test.kind.value} test",
            method=f"electrical stimulation by the probe; the answer is marked by the {test.by}",
            bodySite=self._place(test.site, test.placement),
            valueString=words.answer(test),
            component=[
                {"code": {"text": name}, "valueQuantity": _quantity(value / scale, unit, code)}
                for name, value, unit, code, scale in values
                if value is not None
            ],
        )

    def _place(self, site: int, placement: int) -> Resource:
        return {"text": f"{words.site(self.account.site(site), site)}, placement {placement}"}

    def freezes(self) -> list[Resource]:
        return [self._freeze(each) for each in self.account.freezes]

    def _freeze(self, freeze: Freeze) -> Resource:
        key, record = freeze.key, freeze.record
        values = (
            ("Gas-on since the first reading", freeze.began_s, "s", "s"),
            ("Planned length", record.planned_freeze_s, "s", "s"),
            ("Length", freeze.ran_s, "s", "s"),
            ("Tip at gas-on", record.start_tip_celsius, "°C", "Cel"),
            ("Lowest tip", record.lowest_tip_celsius, "°C", "Cel"),
            ("Time to target", record.time_to_target_s, "s", "s"),
            ("Time at target", record.time_at_target_s, "s", "s"),
            ("Gas used", record.gas_g, "g", "g"),
            ("Thaw", record.thaw_s, "s", "s"),
            ("Highest tip of the thaw", record.highest_thaw_celsius, "°C", "Cel"),
        )
        return self._observation(
            f"freeze {key.site} {key.placement} {key.number} {key.run}",
            f"Freeze {words.freeze(key)}, {record.state.value}",
            method="measured",
            bodySite=self._place(key.site, key.placement),
            component=[
                {"code": {"text": name}, "valueQuantity": _quantity(value, unit, code)}
                for name, value, unit, code in values
                if value is not None
            ],
        )

    def estimates(self) -> list[Resource]:
        found = []
        for freeze in self.account.freezes:
            key, model = freeze.key, freeze.model
            if model is None:
                continue
            values = (
                ("Ice edge across, largest", model.ice_edge_mm, "mm"),
                ("−20 °C across, largest", model.minus20_mm, "mm"),
                ("−20 °C from the probe, largest", model.minus20_reach_mm, "mm"),
                ("Nerve below −20 °C", model.nerve_below_s, "s"),
                ("Nerve below −20 °C in all at this place", model.nerve_in_all_s, "s"),
            )
            found.append(
                self._observation(
                    f"estimate {key.site} {key.placement} {key.number} {key.run}",
                    f"Estimate of the ice of freeze {words.freeze(key)} ({words.MODEL})",
                    method=f"tissue model driven by the tip temperature; {words.MODEL}",
                    bodySite=self._place(key.site, key.placement),
                    component=[
                        {
                            "code": {"text": f"{name} ({words.MODEL})"},
                            "valueQuantity": _quantity(band.value, unit, unit),
                            "referenceRange": [
                                {
                                    "low": _quantity(band.low, unit, unit),
                                    "high": _quantity(band.high, unit, unit),
                                    "text": "with tissue 20 % off the book",
                                }
                            ],
                        }
                        for name, band, unit in values
                    ],
                )
            )
        return found

    def documents(self, report: Document | None) -> list[list[Document]]:
        journals = [
            Document(each.path.name, "application/octet-stream", each.data)
            for each in self.account.journals
        ]
        return [journals, *([[report]] if report is not None else [])]

    def document(self, files: list[Document]) -> Resource:
        pdf = files[0].mime == "application/pdf"
        found = self._resource(
            "DocumentReference", files[0].name, status="current", subject=self.subject,
            date=self.made,
            type={"text": "Report of the session" if pdf else "Journals of the session"},
            content=[{"attachment": _attachment(each)} for each in files],
        )  # fmt: skip
        if not pdf:
            found["identifier"] = [{"value": self.account.record.head}]
            found["description"] = "The identifier is the SHA-256 head of the journals' chain."
        return found

    def provenance(
        self, told: list[Resource], documents: list[Resource], devices: list[Resource]
    ) -> Resource:
        agents: list[Resource] = [
            {"type": {"text": "assembler"}, "who": self.reference(devices[0])}
        ]
        if self.account.operator:
            operator = self.account.operator
            agents.append({"type": {"text": "performer"}, "who": {"display": operator}})
        return self._resource(
            "Provenance", "", target=[self.reference(each) for each in told],
            recorded=self.made, agent=agents,
            entity=[{"role": "source", "what": self.reference(documents[0])}],
        )  # fmt: skip

    def reference(self, resource: Resource) -> Resource:
        return {"reference": f"urn:uuid:{resource['id']}"}

    def _observation(self, key: str, name: str, *, method: str, **more: Any) -> Resource:
        found = self._resource(
            "Observation", key, status="final", code={"text": name}, subject=self.subject,
            partOf=[{"reference": f"urn:uuid:{self._procedure}"}],
            method={"text": method}, **more,
        )  # fmt: skip
        if self.account.started:
            found["effectiveDateTime"] = self.account.started
        if self.account.operator:
            found["performer"] = [{"display": self.account.operator}]
        return found

    def _data(self, value: Callable[[Observation], float | None]) -> str:
        count = math.floor(self.account.length_s * 1_000 / PERIOD_MS) + 1
        grid: list[float | None] = [None] * count
        for reading in self.account.readings:
            at = math.floor((reading.at_s - self.account.readings[0].at_s) * 1_000 / PERIOD_MS)
            grid[at] = value(reading.seen)
        return " ".join("E" if each is None else f"{each:.2f}" for each in grid)

    def _resource(self, kind: str, key: str, **fields: Any) -> Resource:
        return {"resourceType": kind, "id": self._id(kind, key), **fields}

    def _id(self, kind: str, key: str) -> str:
        return str(uuid.uuid5(_SPACE, f"{self.account.session} {kind} {key}"))


def _quantity(value: float, unit: str, code: str) -> Resource:
    return {"value": round(value, 3), "unit": unit, "system": _UCUM, "code": code}


def _attachment(document: Document) -> Resource:
    digest = hashlib.sha1(document.data, usedforsecurity=False).digest()  # as FHIR asks
    return {
        "contentType": document.mime,
        "title": document.name,
        "size": len(document.data),
        "hash": base64.b64encode(digest).decode(),
    }
