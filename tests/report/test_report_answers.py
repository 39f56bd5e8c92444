"""Who answered a test of the stimulation, as the report says it."""

import msgspec
from report_kit import TESTS

from console.model.stimulation import AnsweredBy
from console.report import words


def test_only_an_answer_that_no_operator_gave_names_who_did() -> None:
    marked, unanswered = TESTS
    simulated = msgspec.structs.replace(marked, by=AnsweredBy.SIMULATED_PATIENT)
    assert words.answer(marked) == "felt in the usual pain area"
    assert words.answer(simulated) == "felt in the usual pain area, simulated patient"
    assert words.answer(unanswered) == "no answer"
