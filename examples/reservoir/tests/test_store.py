"""Step 5: results in an SQLite file and as CSV."""

import csv
import sqlite3

import pytest

from s05_store import ResultStore, export_csv


@pytest.fixture
def database(tmp_path, record_property):
    record_property("external_dependency", "sqlite")
    return tmp_path / "results.db"


@pytest.mark.integration
def test_parameters_survive_the_process_that_wrote_them(database):
    with ResultStore(database) as store:
        store.save("A-1", "permeability", {"a": -1.2, "b": 18.0})
    with ResultStore(database) as store:
        assert store.load("A-1", "permeability") == {"a": -1.2, "b": 18.0}
        assert store.wells() == ["A-1"]


@pytest.mark.integration
def test_saving_again_replaces(database):
    with ResultStore(database) as store:
        store.save("A-1", "compaction", {"phi0": 0.4})
        store.save("A-1", "compaction", {"phi0": 0.42})
        assert store.load("A-1", "compaction") == {"phi0": 0.42}


@pytest.mark.integration
def test_an_error_rolls_the_whole_block_back(database):
    with pytest.raises(RuntimeError):
        with ResultStore(database) as store:
            store.save("A-1", "compaction", {"phi0": 0.4})
            raise RuntimeError("the fit did not converge")
    with ResultStore(database) as store:
        assert store.wells() == []


@pytest.mark.integration
def test_two_writers_wait_for_each_other(database):
    with ResultStore(database) as first:
        first.save("A-1", "m", {"x": 1})
        impatient = sqlite3.connect(str(database), timeout=0.05)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            impatient.execute("INSERT INTO fit VALUES ('B-7', 'm', 'x', 2)")
        impatient.close()
    with ResultStore(database) as second:
        second.save("B-7", "m", {"x": 2})
        assert second.wells() == ["A-1", "B-7"]


@pytest.mark.integration
def test_what_is_not_there(database):
    with ResultStore(database) as store:
        with pytest.raises(KeyError, match="no archie for well A-1"):
            store.load("A-1", "archie")


def test_export(tmp_path):
    path = tmp_path / "fits.csv"
    rows = [{"well": "A-1", "slope": -0.25}, {"well": "A, north", "slope": 2}]
    assert export_csv(path, rows, ["well", "slope"]) == 2
    with path.open(newline="") as stream:
        assert list(csv.reader(stream)) == [["well", "slope"], ["A-1", "-0.25"], ["A, north", "2"]]
