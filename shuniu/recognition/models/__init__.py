"""Recognitions with their certificates, and honours."""

from shuniu.recognition.models.honour import Honour, HonourEvent
from shuniu.recognition.models.recognition import (
    CertificateNumber,
    Event,
    Recognition,
    WithdrawalRequest,
)

__all__ = ["CertificateNumber", "Event", "Honour", "HonourEvent", "Recognition", "WithdrawalRequest"]
