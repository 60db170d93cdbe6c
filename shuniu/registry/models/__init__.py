"""The organisation, its facts, its people, and lists on their way in."""

from shuniu.registry.models.capability import (
    GovernanceItem,
    PartyRecord,
    PastProject,
    Specialist,
    StaffFigures,
    UnionBuilding,
)
from shuniu.registry.models.facts import (
    BusinessScope,
    FactRow,
    Grade,
    Inspection,
    InspectionResult,
    Licence,
    Penalty,
    PenaltyKind,
    Rating,
    Source,
    Statement,
)
from shuniu.registry.models.imports import About, Import, ImportRow, ImportState, RowState
from shuniu.registry.models.organisation import (
    ENDED,
    FormerCode,
    FormerName,
    LegalType,
    Organisation,
    RegistrarLevel,
    Status,
)
from shuniu.registry.models.people import (
    Claim,
    ClaimState,
    CorrectionRequest,
    CorrectionState,
    Membership,
)
from shuniu.registry.models.publicity import Exchange, MediaReport, PublicLevel
from shuniu.registry.models.screening import Finding, Screening

FACTS: dict[str, type[FactRow]] = {
    model.kind: model
    for model in (
        Licence, BusinessScope, Inspection, Rating, Penalty, StaffFigures, Specialist, PastProject,
        GovernanceItem, UnionBuilding, PartyRecord, MediaReport, Exchange,
    )
}  # fmt: skip
"""Every kind of fact that is added one by one, in the order of the organisation's page."""

__all__ = [
    "ENDED",
    "FACTS",
    "About",
    "BusinessScope",
    "Claim",
    "ClaimState",
    "CorrectionRequest",
    "CorrectionState",
    "Exchange",
    "FactRow",
    "Finding",
    "FormerCode",
    "FormerName",
    "GovernanceItem",
    "Grade",
    "Import",
    "ImportRow",
    "ImportState",
    "Inspection",
    "InspectionResult",
    "LegalType",
    "Licence",
    "MediaReport",
    "Membership",
    "Organisation",
    "PartyRecord",
    "PastProject",
    "Penalty",
    "PenaltyKind",
    "PublicLevel",
    "Rating",
    "RegistrarLevel",
    "RowState",
    "Screening",
    "Source",
    "Specialist",
    "StaffFigures",
    "Statement",
    "Status",
    "UnionBuilding",
]  # fmt: skip
