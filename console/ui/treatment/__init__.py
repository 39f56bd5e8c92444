"""The steps at the patient: check, time-out, stimulation, freeze, release."""
