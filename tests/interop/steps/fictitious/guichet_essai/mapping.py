"""Each record is an organisation and, unless it has no aid, one offer of it."""

from maillage.interop.sources.contract import Mapped, Raw, Unknown

KINDS = {"subvention": "financement", "conseil": "conseil"}


def clean(raw):
    if raw.payload.get("broken"):
        raise ValueError("Ce record d’essai est cassé.")
    return Raw(
        raw.ref, {key: value.strip() if isinstance(value, str) else value for key, value in raw.payload.items()}, raw.revision
    )


def map(raw):
    said = raw.payload
    if said.get("public_only"):
        return Mapped(left_out="Réservée aux collectivités.")
    host = said.get("org", "org-1")
    structures = (
        (
            {
                "id": host,
                "name": said.get("org_name", "Organisme d’essai"),
                "phone": said.get("phone", "0243000001"),
                "siren": said.get("siren"),
                "website": said.get("website"),
            },
        )
        if "org_ref_only" not in said
        else ()
    )
    if "aid" not in said:
        return Mapped(structures=structures)
    unknown = () if said.get("kind", "subvention") in KINDS else (Unknown("kind", said["kind"]),)
    offer = {
        "id": f"aide-{raw.ref}",
        "structure_id": host,
        "name": said["aid"],
        "summary": said.get("summary", "Une aide d’essai."),
        "kind": KINDS.get(said.get("kind", "subvention"), "information"),
        "coverage": said.get("coverage", [{"level": "departement", "code": "53"}]),
        "closes": said.get("closes"),
        "amount_max": said.get("amount"),
        "url": said.get("url"),
        "stages": ["creation"],
        "source_url": f"https://guichet.example.org/{raw.ref}",
    }
    return Mapped(
        structures=structures,
        offers=(offer,),
        unknown=unknown,
        review=tuple(said.get("review", ())),
        deduced={f"offer:aide-{raw.ref}": {"stages": "nature de l’aide"}},
    )
