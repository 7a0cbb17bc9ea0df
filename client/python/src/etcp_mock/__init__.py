"""The ETCP Open Platform for merchants: a typed client of its twelve endpoints, and the verification of its pushes.

It works with the real platform and with etcp-mock alike. What drives the mock from a test is in :mod:`etcp_mock.testing`.
"""

from .client import (
    Answer,
    Client,
    HistoryOrder,
    Parking,
    ParkingPage,
    ParkingStatus,
    Receipt,
    UnpaidOrder,
)
from .errors import Code, EtcpError, NotEnvelopeError, PlatformError, PushError, TransportError
from .push import ACCEPTED, CertificationInvalidPush, EntryPush, ExitPush, Push, PushVerifier, UnbindPush
from .signing import sign_push, sign_request
from .values import SHANGHAI, format_time, format_yuan, parse_time, parse_yuan

__all__ = [
    "ACCEPTED", "Answer", "CertificationInvalidPush", "Client", "Code", "EntryPush", "EtcpError", "ExitPush", "HistoryOrder",
    "NotEnvelopeError", "Parking", "ParkingPage", "ParkingStatus", "PlatformError", "Push", "PushError", "PushVerifier",
    "Receipt", "SHANGHAI", "TransportError", "UnbindPush", "UnpaidOrder", "format_time", "format_yuan", "parse_time",
    "parse_yuan", "sign_push", "sign_request",
]
