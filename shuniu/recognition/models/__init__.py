"""Recognitions with their certificates, and honours."""

from shuniu.recognition.models.honour import Honour, HonourEvent
from shuniu.recognition.models.recognition import (
    CertificateNumber,
    Event,
    Recognition,
    WithdrawalRequest,
)
from shuniu.recognition.models.upward import Upward

__all__ = [
    "CertificateNumber",
    "Event",
    "Honour",
    "HonourEvent",
    "Recognition",
    "Upward",
    "WithdrawalRequest",
]
