"""What a session gives to others: the report as PDF, tables, a FHIR bundle, the patient's handout.

`gathering.account` gathers what a session's journals tell; each of the others makes bytes of it.
Nothing here opens a port, or writes into a record.
"""
