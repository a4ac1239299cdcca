"""Maps of the observatory, drawn by the server: an SVG figure and the table that says the same."""

from maillage.observatory.maps.choropleth import Shade, choropleth
from maillage.observatory.maps.curves import Curve, curves
from maillage.observatory.maps.dots import Dot, dots

__all__ = ["Curve", "Dot", "Shade", "choropleth", "curves", "dots"]
