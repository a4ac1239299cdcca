"""What a sheet should say, from everything that sources say of it: a pure function of the links, whatever their order.

The sheet's own source speaks first, then the others in order of code. A field is what the first that says something says; fields
that only make sense together (an address, a period, a range of amounts) are taken from one source. What the others say
otherwise is kept beside, as a disagreement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from maillage.catalogue.actions.sheets import plain
from maillage.interop.cleaning import Key, Record, clean
from maillage.interop.formats import Field, Format
from maillage.interop.models import Link
from maillage.interop.sources.registry import registry
from maillage.interop.steps.understand import EXTRA

#: Fields that are taken together from one source.
_TOGETHER = (
    ("address", "commune", "postcode", "lon", "lat"),
    ("opens", "closes"),
    ("amount_min", "amount_max"),
    ("siren", "siret"),
    ("kind", "instrument"),
)
_GROUP = {name: group for group in _TOGETHER for name in group}
#: What is compared between sources: facts that cannot both be right. Texts are written otherwise everywhere.
COMPARED = (
    "opens", "closes", "recurrence", "amount_min", "amount_max", "rate_max", "cost", "kind", "phone", "email", "siret",
    "commune", "opening_hours",
)  # fmt: skip
#: Fields about the record itself: each source has its own, the sheet's is kept.
_OWN_ONLY = ("source_url", "licence", "updated", "verified_on", "notes")
_IDENTITY = ("ref", "source", "structure")


@dataclass(frozen=True, slots=True)
class Layer:
    """What one source says of a sheet: columns with their values, empty ones included."""

    source: str
    ref: str
    on: str  # ISO day of its content; empty when it is not known
    values: Mapping[str, Any]
    structure: Key | None = None
    deduced: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Composed:
    """The record to write, and who says each of its columns: column → (source, ref)."""

    record: Record
    said_by: Mapping[str, Key]


def columns(form: Format) -> list[Field]:
    """The columns that sources write, in the order of the files."""
    return [one for one in (*form.fields, *EXTRA) if one.name not in _IDENTITY]


def layer_of(link: Link, form: Format) -> Layer | None:
    """What a link says; None when its entry can no longer be read (a code that left the vocabulary)."""
    source = link.record.source
    record = clean({**link.entry, "source": source}, form, file=source, extra=EXTRA).record
    if record is None:
        return None
    deduced = {form.by_key[key].name: rule for key, rule in link.deduced.items() if key in form.by_key}
    return Layer(source, link.ref, link.on.isoformat(), record.values, record.structure, deduced)


def row_layer(row: Any, form: Format) -> Layer:
    """What a sheet that no source of ours gives says by itself: what it holds, without what others filled."""
    borrowed = {name for name, origin in row.provenance.items() if origin["source"] != row.source}
    own = {one.name: one.nothing() if one.name in borrowed else getattr(row, one.name) for one in columns(form)}
    return Layer(row.source, row.ref, row.updated.isoformat() if row.updated else "", own)


def compose(form: Format, key: Key, layers: Sequence[Layer], row: Any = None) -> Composed:
    """The record that these layers make, first layers first. `row` is the sheet as it is, if it exists."""
    first = layers[0]
    taken: dict[tuple[str, ...], Layer] = {}
    values: dict[str, Any] = {"source": key[0], "ref": key[1]}
    said_by: dict[str, Key] = {}
    provenance: dict[str, Any] = {}
    deduced: dict[str, str] = {}
    several = len({layer.source for layer in layers}) > 1
    for one in columns(form):
        name = one.name
        group = _GROUP.get(name, (name,))
        if group not in taken:
            speakers = layers[:1] if name in _OWN_ONLY else layers
            taken[group] = next((layer for layer in speakers if any(_says(layer, part) for part in group)), first)
        layer = taken[group]
        values[name] = layer.values.get(name, one.nothing())
        said_by[name] = (layer.source, layer.ref)
        if several and _says(layer, name):
            provenance[name] = {"source": layer.source, "ref": layer.ref, "on": layer.on}
        if name in layer.deduced and _says(layer, name):
            deduced[name] = layer.deduced[name]
    kept = set(row.kept_fields) if row is not None else set()
    values["provenance"] = {name: origin for name, origin in provenance.items() if name not in kept}
    values["deduced"] = {name: rule for name, rule in deduced.items() if name not in kept}
    values["disagreements"] = _disagreements(layers, values) if several else {}
    values["attributions"] = _attributions(layers, row)
    return Composed(Record(key, values, first.structure), said_by)


def _says(layer: Layer, name: str) -> bool:
    return layer.values.get(name) not in (None, "", [], False)


def _disagreements(layers: Sequence[Layer], values: Mapping[str, Any]) -> dict[str, Any]:
    """field → what each source that speaks of it says, when they do not all say the same."""
    found = {}
    for name in COMPARED:
        if name not in values:
            continue
        voices: dict[str, dict[str, Any]] = {}
        for layer in layers:
            if _says(layer, name):
                voices.setdefault(layer.source, {"source": layer.source, "value": plain(layer.values[name]), "on": layer.on})
        if len({repr(voice["value"]) for voice in voices.values()}) > 1:
            found[name] = list(voices.values())
    return found


def _attributions(layers: Sequence[Layer], row: Any) -> list[dict[str, str]]:
    """The mention of each source that speaks, in the order of the layers. A source that left the installation keeps its own."""
    known = registry().sources  # tables have no mention of their own
    earlier = {mention["source"]: mention for mention in row.attributions} if row is not None else {}
    found: dict[str, dict[str, str]] = {}
    for layer in layers:
        source = known.get(layer.source)
        if source is not None:
            url = layer.values.get("source_url") or source.homepage
            found.setdefault(layer.source, {"source": source.code, "name": source.name, "text": source.attribution, "url": url})
        elif layer.source in earlier:
            found.setdefault(layer.source, earlier[layer.source])
    return list(found.values())


def from_plain(sheet: Any, name: str, value: Any) -> Any:
    """A value that was kept as plain JSON (`plain`), as the column holds it."""
    return None if value is None else sheet._meta.get_field(name).to_python(value)


def link_order(link: Link) -> tuple[bool, bool, str, str, str]:
    """The order in which links speak of their target: its own first, those still given before those missing."""
    return (link.uid != link.target, link.missing_since is not None, link.record.source, link.ref, link.record.ref)
