"""Random small catalogues for property tests: what is in them, how they are written to the database, how they change.

A `World` is plain data, so that hypothesis can shrink it. `with world.in_database() as catalogue:` writes it, and takes everything
back at the end: one example never sees another one's rows. The index forgets what it read, before and after.

    @given(world=worlds(), situation=...)
    def test_…(db, world, situation):
        with world.in_database():
            ...
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from django.db import transaction
from hypothesis import strategies as st

from maillage.catalogue import revision
from maillage.catalogue.enums import Status
from maillage.catalogue.index import reset
from maillage.catalogue.models import Offer, Relay, Structure
from maillage.territories import queries
from maillage.vocabulary.words import vocabulary

#: Laval, Changé (same EPCI), Château-Gontier, Le Mans (next département), Nantes (same région), Amiens (far), L’Île-d’Yeu (no EPCI), Fort-de-France.
COMMUNES = ("53130", "53054", "53062", "72181", "44109", "80021", "85113", "97209")
DEPARTEMENTS = ("53", "72", "44", "80", "85", "972")
TODAY = date(2026, 11, 23)
#: Inflections, accents, ligatures, elisions, near-twins (one letter apart) and a hyphen.
WORDS = (
    *("accompagnement", "accompagnements", "création", "créations", "créateur", "coopérative", "coopératives", "trésorerie"),
    *("emploi", "emplois", "employeur", "œuvre", "l’insertion", "d’insertion", "Mayenne", "rendez-vous", "gestion", "question"),
    *("ess", "ESS", "sport", "port", "bourse", "course", "été", "prêt", "prêts", "pret", "Île", "local", "locaux", "2026"),
)
QUERIES = (
    *WORDS,
    *("acompagnement", "creatoin", "cooperatives", "tresor", "tresorrie", "emplio", "oeuvre", "insertion", "rendez", "gestoin"),
    *(
        "spot",
        "zzz",
        "ré",
        "crea",
        "associatio",
        "le",
        "la",
        "2027",
        "accompagnemnts",
        "coopérative mayenne",
        "prêt à la création",
    ),
    *("l’emploi", "de la", " ", "« ! »", "trésorerie zzz"),
)
DATES = (date(2025, 1, 1), date(2026, 11, 22), TODAY, date(2026, 11, 24), date(2027, 6, 30))


def _some(values: tuple[str, ...], most: int = 3) -> st.SearchStrategy[list[str]]:
    """A list without repetition, often empty (which restricts nothing)."""
    return st.one_of(st.just([]), st.lists(st.sampled_from(values), unique=True, max_size=most))


def _text(most: int) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(WORDS), max_size=most).map(" ".join)


def _first(name: str, most: int) -> tuple[str, ...]:
    """A few codes of a vocabulary list: few enough for offers and situations to meet."""
    return vocabulary().codes(name)[:most]


def territory_keys() -> tuple[str, ...]:
    """Every key that contains one of the communes, "france" included."""
    found = {}
    for code in COMMUNES:
        commune = queries.commune(code)
        assert commune is not None, f"the commune {code} of the tests is not in the territories"
        found |= {territory.key: None for territory in queries.territories_of(commune)}
    return tuple(found)


def communes() -> st.SearchStrategy[queries.Commune]:
    """One of the communes of the worlds."""
    return st.sampled_from(COMMUNES).map(lambda code: queries.commune(code))  # type: ignore[return-value]  # they all exist


CONDITIONS = (
    {"field": "salaries", "operator": ">=", "value": 1, "label": "au moins un salarié"},
    {"field": "salaries", "operator": "<=", "value": 50, "label": "moins de 50 salariés"},
    {"field": "mois-creation", "operator": "<=", "value": 36, "label": "moins de trois ans"},
    {"field": "immatricule", "operator": "=", "value": True, "label": "être immatriculé"},
    {"field": "immatricule", "operator": "!=", "value": True, "label": "pas encore immatriculé"},
    {"field": "esus", "operator": "=", "value": 1, "label": "être immatriculé"},
    {"field": "salaries", "operator": "in", "value": [0, 1, 2], "label": "très petite équipe"},
)

STATUSES = st.sampled_from((Status.PUBLISHED, Status.PUBLISHED, Status.PUBLISHED, Status.SUSPENDED))
WITHDRAWN = st.sampled_from((None, None, None, None, date(2026, 1, 1)))
SILENCES = st.sampled_from((0, 0, 0, 1, 2))
POINTS = st.sampled_from(((None, None), (-0.77, 48.07), (0.2, 48.0), (-1.55, 47.22), (2.3, 49.9)))


@st.composite
def structure_fields(draw: st.DrawFn) -> dict[str, Any]:
    """The fields of a structure, roles included, without its key."""
    lon, lat = draw(POINTS)
    return {
        "name": draw(_text(3)) or "Structure",
        "status": draw(STATUSES),
        "withdrawn_on": draw(WITHDRAWN),
        "roles": draw(st.lists(_roles(), max_size=2)),
        "commune": draw(st.sampled_from(("", *COMMUNES))),
        "lon": lon,
        "lat": lat,
        "phone": draw(st.sampled_from(("", "+33243000000"))),
        "verified_on": draw(st.sampled_from((None, *DATES))),
    }


def _roles() -> st.SearchStrategy[dict[str, Any]]:
    territories = [_territory(key) for key in territory_keys()]
    return st.fixed_dictionaries(
        {"role": st.sampled_from(vocabulary().codes("role"))},
        optional={
            "territory": st.sampled_from(territories),
            "since": st.sampled_from([day.isoformat() for day in DATES]),
            "until": st.sampled_from([None, *(day.isoformat() for day in DATES)]),
            "authority": st.just("Autorité"),
        },
    )


def _territory(key: str) -> dict[str, str]:
    territory = queries.parse_key(key)
    return {"level": territory.level, "code": territory.code}


@st.composite
def offer_fields(draw: st.DrawFn) -> dict[str, Any]:
    """The fields of an offer, without its key and its structure."""
    keys = territory_keys()
    lon, lat = draw(POINTS)
    kind = draw(st.sampled_from(vocabulary().codes("kind")))
    return {
        "name": draw(_text(3)) or "Offre",
        "summary": draw(_text(3)),
        "description": draw(_text(6)),
        "status": draw(STATUSES),
        "withdrawn_on": draw(WITHDRAWN),
        "kind": kind,
        "stages": draw(_some(vocabulary().codes("stage"))),
        "needs": draw(_some(_first("need", 4))),
        "sectors": draw(_some(_first("sector", 3))),
        "legal_forms": draw(_some(_first("legal_form", 3))),
        "audiences": draw(_some(_first("audience", 3))),
        "modes": draw(_some(vocabulary().codes("mode"))),
        "cost": draw(st.sampled_from(("", *vocabulary().codes("cost")))),
        "instrument": draw(st.sampled_from(("", *_first("instrument", 3)))) if kind == "financement" else "",
        "amount_max": draw(st.sampled_from((None, Decimal("5000.00")))) if kind == "financement" else None,
        "coverage": draw(st.lists(st.sampled_from(keys), unique=True, min_size=1, max_size=3)),
        "excluded": draw(_some(keys[:-1], 2)),
        "zonings": draw(st.sampled_from(([], [], [], ["frr"], ["qpv", "densite-5"], ["densite-1", "densite-2"]))),
        "conditions": draw(st.lists(st.sampled_from(CONDITIONS), max_size=2, unique_by=lambda entry: str(entry))),
        "opens": draw(st.sampled_from((None, None, *DATES))),
        "closes": draw(st.sampled_from((None, None, *DATES))),
        "commune": draw(st.sampled_from(("", *COMMUNES))),
        "lon": lon,
        "lat": lat,
        "updated": draw(st.sampled_from((None, *DATES))),
        "silence": draw(SILENCES),
        "verified_on": draw(st.sampled_from((None, *DATES))),
    }


@st.composite
def relay_fields(draw: st.DrawFn) -> dict[str, Any]:
    """The fields of a relay, without its key and its structure."""
    lon, lat = draw(POINTS)
    return {
        "name": draw(_text(2)) or "Relais",
        "status": draw(STATUSES),
        "withdrawn_on": draw(WITHDRAWN),
        "level": draw(st.sampled_from(vocabulary().codes("level"))),
        "network": draw(st.sampled_from(("", "piva", "guid-asso", "reseau-local-ess"))),
        "opening_hours": draw(st.sampled_from(("", "Mo-Fr 09:00-12:00; PH off", "24/7"))),
        "by_appointment": draw(st.booleans()),
        "coverage": draw(_some(territory_keys(), 2)),
        "silence": draw(SILENCES),
        "mark_until": draw(st.sampled_from((None, *DATES))),
        "commune": draw(st.sampled_from(("", *COMMUNES))),
        "lon": lon,
        "lat": lat,
    }


FIELDS = {"structure": structure_fields, "offer": offer_fields, "relay": relay_fields}
MODELS: dict[str, type[Structure] | type[Offer] | type[Relay]] = {"structure": Structure, "offer": Offer, "relay": Relay}


@dataclass(frozen=True)
class Write:
    """One change: `act` "add", "change" or "delete" a sheet of a kind. `rank` picks which one (modulo how many there are)."""

    act: str
    kind: str
    rank: int
    fields: dict[str, Any] = field(default_factory=dict)


@st.composite
def writes(draw: st.DrawFn) -> Write:
    """A random change of one sheet."""
    kind = draw(st.sampled_from(("offer", "offer", "structure", "relay")))
    act = draw(st.sampled_from(("add", "change", "change", "delete") if kind != "structure" else ("add", "change", "change")))
    return Write(act, kind, draw(st.integers(0, 50)), draw(FIELDS[kind]()) if act != "delete" else {})


@dataclass(frozen=True)
class World:
    """Structures, and offers and relays with the rank of their structure."""

    structures: list[dict[str, Any]]
    offers: list[tuple[int, dict[str, Any]]]
    relays: list[tuple[int, dict[str, Any]]]

    @contextmanager
    def in_database(self) -> Iterator[Catalogue]:
        """Write the world, announce it (the revision moves), and take everything back at the end."""
        reset()
        with transaction.atomic():
            catalogue = Catalogue()
            for fields in self.structures:
                catalogue.add("structure", fields)
            for kind, sheets in (("offer", self.offers), ("relay", self.relays)):
                for rank, fields in sheets:
                    catalogue.add(kind, fields, rank)
            revision.moved(everything=True)
            try:
                yield catalogue
            finally:
                transaction.set_rollback(True)
                reset()


class Catalogue:
    """A world once written: the primary keys of what is in it, and what may happen to it."""

    def __init__(self) -> None:
        self.pks: dict[str, list[int]] = {"structure": [], "offer": [], "relay": []}
        self._refs = count(1)

    def add(self, kind: str, fields: dict[str, Any], rank: int = 0) -> int:
        """Write a sheet, under the structure of that rank when it needs one; gives its primary key."""
        extra = {} if kind == "structure" else {"structure_id": self._pick("structure", rank)}
        sheet = MODELS[kind](source="essai", ref=f"{kind}-{next(self._refs)}", **fields, **extra)
        sheet.save()
        self.pks[kind].append(sheet.pk)
        return sheet.pk

    def apply(self, write: Write) -> None:
        """Make one change and announce it, as the actions of the catalogue do. Nothing happens when there is nothing to change."""
        if write.act == "add":
            pk = self.add(write.kind, write.fields, write.rank)
        elif not self.pks[write.kind]:
            return
        else:
            pk = self._pick(write.kind, write.rank)
            if write.act == "change":
                sheet = MODELS[write.kind].objects.get(pk=pk)
                for name, value in write.fields.items():
                    setattr(sheet, name, value)
                sheet.save()
            else:
                MODELS[write.kind].objects.filter(pk=pk).delete()
                self.pks[write.kind].remove(pk)
        revision.moved(**{f"{write.kind}s": [pk]})

    def _pick(self, kind: str, rank: int) -> int:
        return self.pks[kind][rank % len(self.pks[kind])]


@st.composite
def worlds(draw: st.DrawFn, offers: int = 10, structures: int = 3, relays: int = 4) -> World:
    """A random world with at least one structure, and at most so many sheets of each kind."""
    ranks = st.integers(0, structures - 1)
    return World(
        structures=draw(st.lists(structure_fields(), min_size=1, max_size=structures)),
        offers=draw(st.lists(st.tuples(ranks, offer_fields()), max_size=offers)),
        relays=draw(st.lists(st.tuples(ranks, relay_fields()), max_size=relays)),
    )


_numbers = count(1)


def structure(**fields: Any) -> Structure:
    """A published structure in the database, with what the test says about it."""
    number = next(_numbers)
    values = {"source": "essai", "ref": f"s{number}", "name": f"Structure {number}", "status": Status.PUBLISHED}
    return Structure.objects.create(**(values | fields))


def offer(owner: Structure | None = None, **fields: Any) -> Offer:
    """A published offer for the whole of France that restricts nothing, with what the test says about it."""
    number = next(_numbers)
    values = {"source": "essai", "ref": f"o{number}", "name": f"Offre {number}", "status": Status.PUBLISHED}
    values |= {"kind": "conseil", "coverage": ["france"], "structure": owner or structure()}
    return Offer.objects.create(**(values | fields))


def relay(owner: Structure | None = None, **fields: Any) -> Relay:
    """A published relay, with what the test says about it."""
    number = next(_numbers)
    values = {"source": "essai", "ref": f"r{number}", "name": f"Relais {number}", "status": Status.PUBLISHED}
    values |= {"level": "information", "structure": owner or structure()}
    return Relay.objects.create(**(values | fields))
