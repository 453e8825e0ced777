"""Names that the parts of the example share."""

from __future__ import annotations

from plantproof.model.vocabulary import Conclusion

SITE = "bottling-north"
MET, MISSED, OPEN, OUT = (
    Conclusion.SATISFIED,
    Conclusion.NOT_SATISFIED,
    Conclusion.NOT_ASSESSED,
    Conclusion.NOT_APPLICABLE,
)
IEC, OVERLAY, CSF = "iec-62443-3-3", "nist-800-53", "csf"
