"""A travel-time table: what is taken, what is refused, and that what is not in it stays unknown."""

from __future__ import annotations

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from maillage.observatory.access.ground import ground
from maillage.observatory.access.travel_times import TravelTimesError, load, nearest_minutes, travel_times
from tests.catalogue.worlds import relay

LAVAL, CRAON = "53130", "53084"


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, settings):
    settings.MAILLAGE_DATA = tmp_path


def write(folder, text):
    file = folder / "temps.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_shortest_known_trip_is_kept_and_the_rest_is_unknown(tmp_path):
    load(write(tmp_path, f"from,to,minutes\n{CRAON},{LAVAL},35\n{CRAON},44109,70.5\n"))
    here = ground("departement", "53")
    minutes = dict(zip(here.codes, nearest_minutes(travel_times(), here, [LAVAL, "44109"]), strict=True))
    assert minutes[CRAON] == 35
    assert minutes[LAVAL] == 0
    assert sum(~np.isnan(list(minutes.values()))) == 2


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("de,vers\n1,2\n", "les colonnes from, to, minutes"),
        ("from,to,minutes\nzzz,53130,4\n", "ligne 2 : « zzz » n’est pas le code"),
        ("from,to,minutes\n53130,53084,-1\n", "entre 0 et 1440"),
        ("from,to,minutes\n53130,53084,beaucoup\n", "n’est pas un nombre de minutes"),
        ("from,to,minutes\n", "ne contient aucun trajet"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_and_the_one_before_stays(tmp_path, text, why):
    load(write(tmp_path, f"from,to,minutes\n{CRAON},{LAVAL},35\n"))
    with pytest.raises(TravelTimesError, match=why):
        load(write(tmp_path, text))
    assert travel_times().minutes.tolist() == [35]


def test_the_command_keeps_a_table_then_forgets_it(tmp_path, capsys):
    call_command("load-travel-times", str(write(tmp_path, f"from,to,minutes\n{CRAON},{LAVAL},35\n")))
    assert "1 trajets gardés" in capsys.readouterr().out
    call_command("load-travel-times", forget=True)
    assert travel_times() is None
    with pytest.raises(CommandError):
        call_command("load-travel-times", str(tmp_path / "absent.csv"))


def test_the_page_counts_in_minutes_when_a_table_is_loaded(client, db, tmp_path):
    relay(commune=LAVAL)
    load(write(tmp_path, f"from,to,minutes\n{CRAON},{LAVAL},35\n"))
    page = client.get("/observatoire/acces/?territoire=departement:53").content.decode()
    assert "Au-delà de 30 min" in page
    assert "Mesurer en kilomètres" in page
    assert "Au-delà de 20 km" in client.get("/observatoire/acces/?territoire=departement:53&mesure=distance").content.decode()
