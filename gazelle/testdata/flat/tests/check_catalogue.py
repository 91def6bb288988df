from seedbank.catalogue import Catalogue


def test_catalogue():
    assert Catalogue()
