"""Every mutant by its name: small patches, each named after what it does wrong."""

from tests.conformance import (  # noqa: F401 - importing them registers their mutants
    mutants_codec,
    mutants_duties,
    mutants_lease,
    mutants_safety,
    mutants_transport,
)
from tests.conformance.mutation import MUTANTS

__all__ = ["MUTANTS"]
