"""Two-step floating catchment area: how much welcome each commune can reach, shared with everybody who reaches it too. Pure.

Step one: a place's capacity divided by the people of the communes within the catchment. Step two: a commune adds the ratios of
the places within its catchment. (Luo and Wang, 2003.) Relays declare no capacity: their opening hours a week stand for it, and pages say so.
"""

from __future__ import annotations

import numpy as np

from maillage.observatory.access.distances import chord_of
from maillage.observatory.access.ground import Floats, Ground, on_the_sphere

#: Within so many km by road people share a place.
CATCHMENT_KM = 20.0


def floating_catchment(ground: Ground, lon: Floats, lat: Floats, capacity: Floats, catchment_km: float = CATCHMENT_KM) -> Floats:
    """For each commune, the capacity that a person can reach (here: hours of welcome a week per inhabitant).

    Places without a point or a capacity (nan) give nothing. The people around a place who live outside `ground` are not counted:
    ask for a territory wider than the one shown.
    """
    from scipy.spatial import cKDTree  # here and not above: 40 MB that a process which measures nothing need not hold

    known = ~(np.isnan(lon) | np.isnan(lat) | np.isnan(capacity)) & (capacity > 0)
    access = np.zeros(len(ground))
    if not len(ground) or not known.any():
        return access
    communes, places = cKDTree(ground.units), cKDTree(on_the_sphere(lon[known], lat[known]))
    for here, given in zip(places.query_ball_tree(communes, chord_of(catchment_km) + 1e-12), capacity[known], strict=True):
        people = ground.people[here].sum()
        if people:
            access[here] += given / people
    return access
