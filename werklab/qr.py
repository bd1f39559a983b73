"""An address as a QR code, to scan from a screen or from paper."""

from dataclasses import dataclass

QUIET = 4  # modules of white around it, as scanners want


@dataclass(frozen=True)
class QrCode:
    """A square of `size` modules and the dark ones of them as one SVG path."""

    size: int
    path: str


def qr_code(text: str) -> QrCode:
    """This text as a QR code, for an SVG in the page: no image file, no style attributes."""
    import qrcode  # brings an image library along where there is one; few pages need it

    code = qrcode.QRCode(border=QUIET, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text)
    rows = code.get_matrix()
    dark = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, on in enumerate(row) if on]
    return QrCode(len(rows), "".join(dark))
