"""No scheme is shown twice for one commune: not two sheets of one organisation, nor a national sheet beside its local one."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from itertools import combinations

from rapidfuzz import fuzz

from maillage.interop.cleaning import Record
from maillage.interop.starter import read_starter
from maillage.territories import queries
from maillage.territories.names import fold

#: National sheet → the local sheets of the same scheme. The national one leaves out exactly the communes that they serve.
SERVED_LOCALLY = {
    "60000-rebonds-accompagnement": ("60-000-rebonds-grand-ouest-parcours", "60000-rebonds-hdf-accompagnement"),
    "adie-accompagnement": ("adie-hdf-accueil-accompagnement",),
    "avise-dla-national": tuple(f"dla-{code}" for code in ("02", "44", "49", "53", "59", "60", "62", "72", "80", "85")),
    "bge-accompagnement-creation": ("bge-picardie-accompagnement",),
    "bge-couveuse": ("bge-hauts-de-france-couveuse",),
    "cae-entrepreneur-salarie": (
        "coodem-entrepreneur-salarie", "cdp-49-entrepreneur-salarie", "ouvre-boites-44-85-entrepreneur-salarie",
        "coopconnexion-tester-activite",
    ),
    "cg-scop-accompagnement": ("scop-ouest-accompagnement",),
    "cigales-apport": ("cigales-pays-de-la-loire-apport", "cigales-hauts-de-france-apport"),
    "cip-entretien": ("cip-cote-d-opale-entretien",),
    "fdva-fonctionnement-innovation": ("etat-vie-associative-mayenne-fdva",),
    "france-active-conseil": ("france-active-pays-de-la-loire-accueil",),
    "france-active-garantie-ess": (
        "france-active-picardie-financement", "nord-actif-garantie", "pas-de-calais-actif-financement",
    ),
    "initiative-france-pret-honneur": (
        *(f"initiative-{place}-pret-honneur" for place in (
            "mayenne", "nantes", "sarthe", "aisne", "flandre-interieure", "gohelle", "grand-arras", "lille-metropole-nord", "oise-est",
            "oise-ouest", "oise-sud", "saint-omer", "somme", "ternois",
        )),
        "valinitiatives-pret-honneur",
    ),
    "leader-subvention": (
        "gal-haute-mayenne-leader", "gal-sud-mayenne-leader", "petr-pays-de-retz-leader", "leader-avesnois", "leader-audomarois",
        "leader-baie-de-somme-3-vallees", "leader-oise-pays-de-france",
    ),
    "reseau-entreprendre-pret-honneur": ("reseau-entreprendre-nord-accompagnement",),
    "terre-de-liens-conseil": ("terre-de-liens-pays-de-la-loire-conseil", "terre-de-liens-hdf-acces-terre"),
    "terre-de-liens-ferme": ("terre-de-liens-pays-de-la-loire-fermes",),
}  # fmt: skip
#: Names that look alike and are two schemes, each with what makes the difference.
TWO_SCHEMES = {
    ("adie-accompagnement", "bge-accompagnement-creation"): "two networks",
    ("adie-microcredit", "la-nef-credit"): "a microloan to persons, a bank loan",
    ("apesa-france-ecoute", "apesa-02-soutien"): "the number to call anywhere, sessions given by a local association",
    ("apesa-france-ecoute", "apesa-85-soutien"): "the same",
    ("apesa-france-ecoute", "apesa-grand-hainaut-soutien"): "the same",
    ("apesa-france-ecoute", "apesa-lille-soutien"): "the same",
    ("apesa-france-ecoute", "apesa-somme-soutien"): "the same",
    ("apesa-france-ecoute", "apesa-vallee-de-l-oise-soutien"): "the same",
    ("associatheque-guides", "guidasso-60-ressources"): "a bank's guides, a département's",
    ("bge-accompagnement-creation", "a-petits-pas-accompagnement-rural"): "two organisations",
    ("boulonnais-emergence-ess", "boulonnais-creation-ess"): "the study, then the creation",
    ("coopconnexion-tester-activite", "smart-hdf-entreprise-partagee"): "two co-operatives",
    ("cros-hdf-appui-sport", "piva-pays-de-lumbres-accueil"): "sport, any association",
    ("ecti-mission", "egee-conseil"): "two associations of retired professionals",
    ("ecti-mission", "passerelles-mission-benevole"): "retired professionals, professionals in post",
    ("fondation-de-france-programmes", "fondation-ce-hdf-appels"): "two foundations",
    ("fondation-de-france-programmes", "fse-plus-appels"): "a foundation, the European fund",
    ("fondation-macif-innovation-sociale", "nantes-metropole-prix-innovation-sociale"): "a foundation, a prize",
    ("bpifrance-fiso", "pays-de-la-loire-fonds-innovation-sociale"): "an advance, a regional grant",
    ("cae-entrepreneur-salarie", "oz-cooperative-entrepreneur-salarie"): "any trade, culture only",
    ("dgfip-exoneration-frr", "urssaf-embauche-frr"): "tax, contributions",
    ("france-active-fonds-propres", "ides-fonds-propres"): "two funds",
}  # fmt: skip
#: Pages about the DLA as a whole, which several organisations carry.
SHARED_PAGES = frozenset({"https://www.info-dla.fr", "https://www.opale.asso.fr/article334.html"})
ALIKE = 75.0
EMPTY_WORDS = frozenset({"un", "une", "des", "de", "du", "la", "le", "les", "l", "et", "en", "pour", "d", "a", "au", "aux", "dans", "hauts", "france", "pays", "loire"})  # fmt: skip


@cache
def offers() -> dict[str, Record]:
    return {record.key[1]: record for record in read_starter().records["offers"]}


@cache
def communes_by_key() -> dict[str, frozenset[str]]:
    found = defaultdict(set)
    for commune in queries.all_communes():
        for territory in queries.territories_of(commune):
            found[territory.key].add(commune.code)
    return {key: frozenset(codes) for key, codes in found.items()}


def served(ref: str) -> frozenset[str]:
    """The communes that an offer serves (zonings apart)."""
    values, by_key = offers()[ref].values, communes_by_key()
    reached = frozenset().union(*(by_key[key] for key in values["coverage"]))
    return reached.difference(*(by_key[key] for key in values["excluded"]))


def core(name: str) -> str:
    return " ".join(word for word in fold(name).replace("-", " ").split() if word not in EMPTY_WORDS)


def look_alike() -> set[tuple[str, str]]:
    """Pairs of offers of one kind that share a stage and a commune, and whose names say nearly the same."""
    pairs = set()
    for one, other in combinations(offers().values(), 2):
        if one.values["kind"] != other.values["kind"]:
            continue
        stages = set(one.values["stages"]), set(other.values["stages"])
        if all(stages) and not stages[0] & stages[1]:
            continue
        if fuzz.token_sort_ratio(core(one.values["name"]), core(other.values["name"])) < ALIKE:
            continue
        if served(one.key[1]) & served(other.key[1]):
            pairs.add((one.key[1], other.key[1]))
    return pairs


def test_no_two_sheets_of_one_commune_have_nearly_the_same_name() -> None:
    known = {frozenset(pair) for pair in TWO_SCHEMES}
    assert sorted(pair for pair in look_alike() if frozenset(pair) not in known) == []


def test_the_pairs_known_to_be_two_schemes_exist() -> None:
    assert {ref for pair in TWO_SCHEMES for ref in pair} <= offers().keys()


def test_a_national_sheet_leaves_out_exactly_what_its_local_sheets_serve() -> None:
    everywhere = communes_by_key()["france"]
    for national, locals_ in SERVED_LOCALLY.items():
        locally = frozenset().union(*(served(ref) for ref in locals_))
        assert locally, national
        assert served(national) == everywhere - locally, f"{national}: correct its `excluded`"


def test_a_sheet_that_excludes_a_territory_inside_its_region_says_why() -> None:
    """An exclusion is either overseas, or a place that a local sheet of the same scheme serves: never a forgotten hole."""
    inland = {
        ref
        for ref, record in offers().items()
        if any(
            key.split(":")[1] not in {"01", "02", "03", "04", "06"} or not key.startswith("region:")
            for key in record.values["excluded"]
        )
    }
    assert inland == set(SERVED_LOCALLY)


def test_no_two_offers_of_one_commune_have_the_same_name() -> None:
    by_name = defaultdict(list)
    for ref, record in offers().items():
        by_name[fold(record.values["name"])].append(ref)
    assert [pair for refs in by_name.values() for pair in combinations(refs, 2) if served(pair[0]) & served(pair[1])] == []


def test_a_web_page_presents_the_offers_of_one_organisation_only() -> None:
    owners = defaultdict(set)
    for record in offers().values():
        if record.values["url"]:
            owners[record.values["url"].rstrip("/")].add(record.structure)
    assert {page for page, found in owners.items() if len(found) > 1} == SHARED_PAGES


def test_each_organisation_is_there_once() -> None:
    by_name, by_site, by_number = defaultdict(set), defaultdict(set), defaultdict(set)
    for record in read_starter().records["structure"]:
        by_name[fold(record.values["name"])].add(record.key[1])
        by_site[record.values["website"].rstrip("/")].add(record.key[1])
        by_number[record.values["siren"]].add(record.key[1])
    twice = [refs for found in (by_name, by_site, by_number) for said, refs in found.items() if said and len(refs) > 1]
    assert twice == []
