"""Everything that a call keeps, by noun."""

from shuniu.calls.models.application import (
    Application,
    Decision,
    LateGrant,
    Material,
    Stage,
    Submission,
)
from shuniu.calls.models.assignment import (
    AssignmentPlan,
    PlanChange,
    PlannedReview,
    ReviewGap,
)
from shuniu.calls.models.audit import (
    AuditSheet,
    Correction,
    Finding,
    Judgement,
    JudgeRun,
    LateRequest,
    ReadingChoice,
    Tick,
)
from shuniu.calls.models.call import (
    Amendment,
    Call,
    CallCategory,
    CallEvent,
    CallMaterial,
    CallStage,
    CallTerm,
    Question,
    RubricItem,
)
from shuniu.calls.models.counted import CountedPoint
from shuniu.calls.models.evidence import Evidence
from shuniu.calls.models.feedback import Feedback, Improvement, ImprovementEvent
from shuniu.calls.models.listing import (
    ListCorrection,
    ListEntry,
    Publicity,
    PublicityChange,
    PublicList,
)
from shuniu.calls.models.nominee import Nominee
from shuniu.calls.models.objection import (
    Objection,
    ObjectionDecision,
    ObjectionEvidence,
    ObjectionProposal,
)
from shuniu.calls.models.panel import (
    Aggregation,
    Calibration,
    Committee,
    Draw,
    DrawCommitment,
    DrawLapse,
    DrawResult,
    Expert,
    Recusal,
    Seat,
    YearlyUndertaking,
)
from shuniu.calls.models.promotion import Promotion
from shuniu.calls.models.recommend import CallFigure, CallQuota, Recommendation, Visit, VisitMark
from shuniu.calls.models.retention import RetentionPlan, RetentionRun
from shuniu.calls.models.scoring import (
    Attendance,
    Meeting,
    MeetingNote,
    Reopening,
    ScoreDraft,
    ScoreSheet,
    SheetRecord,
    Vote,
)

__all__ = [
    "Aggregation", "Amendment", "Application", "AssignmentPlan", "Attendance", "AuditSheet",
    "Calibration", "Call", "CallCategory", "CallEvent", "CallFigure", "CallMaterial", "CallQuota", "CallStage",
    "CallTerm", "Committee", "Correction", "CountedPoint", "Decision", "Draw", "DrawCommitment",
    "DrawLapse", "DrawResult", "Evidence", "Expert", "Feedback", "Finding", "Improvement",
    "ImprovementEvent", "JudgeRun", "Judgement", "LateGrant", "LateRequest", "ListCorrection",
    "ListEntry", "Material", "Meeting", "MeetingNote", "Nominee", "Objection", "ObjectionDecision",
    "ObjectionEvidence", "ObjectionProposal", "PlanChange", "PlannedReview", "Promotion", "PublicList",
    "Publicity", "PublicityChange", "Question", "ReadingChoice", "Recommendation", "Recusal", "Reopening",
    "RetentionPlan", "RetentionRun", "ReviewGap", "RubricItem", "ScoreDraft", "ScoreSheet", "Seat",
    "SheetRecord", "Stage", "Submission", "Tick", "Visit", "VisitMark", "Vote", "YearlyUndertaking",
]  # fmt: skip
