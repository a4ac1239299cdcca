"""An address as a QR code: `kit.qr`, which requests for contact use too."""

from maillage.kit.qr import BORDER, QrCode, qr_code

__all__ = ("BORDER", "QrCode", "qr_code")
