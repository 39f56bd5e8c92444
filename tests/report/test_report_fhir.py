"""The bundle, validated by the models of others, and held to what R4 has."""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from report_kit import FREEZES, MADE, bare_case, golden, hard_case, told

from console.records import read_session
from console.report.fhir import Document, bundle
from console.report.gathering import account

R4: dict[str, set[str]] = {
    "Bundle": {"meta", "identifier", "type", "timestamp", "entry"},
    "Device": {"status", "serialNumber", "deviceName", "version", "type", "note"},
    "Procedure": {
        "status", "code", "subject", "outcome", "usedReference", "note", "bodySite",
        "performedPeriod", "performer", "report",
    },
    "Observation": {
        "status", "code", "subject", "partOf", "performer", "method", "effectiveDateTime",
        "valueSampledData",
        "valueString", "component", "bodySite",
    },
    "DocumentReference": {
        "status", "subject", "date", "type", "content", "identifier", "description",
    },
    "Provenance": {"target", "recorded", "agent", "entity"},
}  # fmt: skip
"""Elements that HL7 FHIR 4.0.1 defines for each resource, as far as they are used here."""
STATUS = {
    "Device": {"active", "inactive", "unknown"},
    "Procedure": {"in-progress", "not-done", "stopped", "completed", "unknown"},
    "Observation": {"preliminary", "final", "amended"},
    "DocumentReference": {"current", "superseded"},
}
PDF = Document("report.pdf", "application/pdf", b"%PDF-1.4 what was printed")


def made(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(bundle(account(hard_case(folder / "s")), MADE, PDF))
    return found


def of(found: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    resources = [each["resource"] for each in found["entry"]]
    return [each for each in resources if each["resourceType"] == kind]


def test_the_bundles_are_valid(tmp_path: Path) -> None:
    bare = account(read_session(bare_case(tmp_path / "bare")))
    for data in (
        bundle(account(golden()), MADE),
        bundle(account(hard_case(tmp_path / "s")), MADE, PDF),
        bundle(bare, MADE),
    ):
        Bundle.model_validate_json(data)


def test_only_elements_of_r4_are_used(tmp_path: Path) -> None:
    found = made(tmp_path)
    for each in [found, *(entry["resource"] for entry in found["entry"])]:
        kind = each["resourceType"]
        assert set(each) - {"resourceType", "id"} <= R4[kind], kind


def test_codes_are_of_the_sets_that_r4_requires(tmp_path: Path) -> None:
    """The models of others take any word."""
    found = made(tmp_path)
    assert found["type"] == "collection"
    for entry in found["entry"]:
        resource = entry["resource"]
        if "status" in resource:
            assert resource["status"] in STATUS[resource["resourceType"]]
    assert {
        name["type"] for device in of(found, "Device") for name in device.get("deviceName", [])
    } <= {"model-name", "user-friendly-name"}
    (provenance,) = of(found, "Provenance")
    assert {each["role"] for each in provenance["entity"]} == {"source"}


def test_the_five_kinds_are_there_and_refer_to_each_other(tmp_path: Path) -> None:
    found = made(tmp_path)
    known = {each["fullUrl"] for each in found["entry"]}
    text = json.dumps(found)
    for part in text.split('"reference": "')[1:]:
        assert part.split('"')[0] in known
    assert len(known) == len(found["entry"])
    for kind in ("Procedure", "Device", "Observation", "DocumentReference", "Provenance"):
        assert of(found, kind), kind


def test_sampled_data_hold_a_value_or_the_error_mark_for_every_second(tmp_path: Path) -> None:
    (tip,) = (
        each for each in of(made(tmp_path), "Observation") if each["code"]["text"].startswith("Tip")
    )
    sampled = tip["valueSampledData"]
    data = sampled["data"].split()
    assert sampled["period"] == 1000
    assert len(data) == 400
    assert data[:2] == ["24.00", "23.90"]
    assert data[100:106] == ["E"] * 6, "the thermocouple was open"
    assert data[150] == "E", "the console was away"
    assert sampled["origin"]["code"] == "Cel"


def test_freezes_are_observations_and_estimates_say_that_they_are_none(tmp_path: Path) -> None:
    observations = of(made(tmp_path), "Observation")
    freezes = [each for each in observations if each["code"]["text"].startswith("Freeze")]
    assert len(freezes) == len(FREEZES)
    for freeze, record in zip(freezes, FREEZES, strict=True):
        values = {
            each["code"]["text"]: each["valueQuantity"]["value"] for each in freeze["component"]
        }
        assert values["Lowest tip"] == record.lowest_tip_celsius
        assert values["Gas used"] == record.gas_g
        assert ("Thaw" in values) == (record.thaw_s is not None)
    modelled = [each for each in observations if "Estimate" in each["code"]["text"]]
    assert len(modelled) == 2
    for each in modelled:
        assert "model, not measured" in each["code"]["text"]
        assert all("not measured" in part["code"]["text"] for part in each["component"])


def test_stimulation_is_an_observation_with_its_answer(tmp_path: Path) -> None:
    found = made(tmp_path)
    first, second = (
        each for each in of(found, "Observation") if each["code"]["text"].startswith("Stim")
    )
    assert first["valueString"] == "felt in the usual pain area"
    assert first["bodySite"]["text"] == "LEFT · SAPHENOUS, placement 1"
    values = {each["code"]["text"]: each["valueQuantity"] for each in first["component"]}
    assert (values["Delivered"]["value"], values["Delivered"]["unit"]) == (0.342, "mA")
    assert second["valueString"] == "no answer"
    (procedure,) = of(found, "Procedure")
    assert {"text": "Went on, no stimulation: seen by ultrasound"} in procedure["note"]


def test_documents_are_hashed_and_the_record_is_named_by_its_head(tmp_path: Path) -> None:
    found = made(tmp_path)
    journals, report = of(found, "DocumentReference")
    (attachment,) = (each["attachment"] for each in report["content"])
    assert attachment["size"] == len(PDF.data)
    assert attachment["hash"] == base64.b64encode(hashlib.sha1(PDF.data).digest()).decode()
    assert journals["identifier"] == [{"value": account(hard_case(tmp_path / "t")).record.head}]
    assert [each["attachment"]["title"] for each in journals["content"]] == [
        "001.journal",
        "002.journal",
    ]


def test_a_simulated_session_is_test_data_with_no_patient(tmp_path: Path) -> None:
    simulated = json.loads(bundle(told(), MADE))
    assert simulated["meta"]["security"][0]["code"] == "HTEST"
    (procedure,) = of(simulated, "Procedure")
    assert procedure["subject"]["display"].startswith("SIMULATED, no patient")
    assert "meta" not in made(tmp_path)


@pytest.mark.parametrize("report", [None, PDF])
def test_the_same_session_gives_the_same_bundle(report: Document | None) -> None:
    assert bundle(told(), MADE, report) == bundle(account(golden()), MADE, report)
