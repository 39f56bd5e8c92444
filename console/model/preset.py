"""A plan to start from."""

import msgspec

from console.model.plan import Plan


class Preset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Its nerve and side are chosen each time anew. `source` says where it comes from."""

    name: str
    detail: str
    source: str
    plan: Plan
