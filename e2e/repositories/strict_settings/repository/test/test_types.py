import pytest

perf = pytest.mark.performance
old = [pytest.mark.compatibility]


@pytest.mark.integration
def test_integration(tmp_path, ledger):
    (tmp_path / "ledger").write_text(repr(ledger.entries))
    assert "cash" in (tmp_path / "ledger").read_text()


@perf
@pytest.mark.parametrize("n", [10, pytest.param(100, marks=pytest.mark.slow)])
def test_many(ledger, n):
    for _ in range(n):
        ledger.book("a", "b", 1)
    assert ledger.balance("a") == n


class TestSecurity:
    pytestmark = pytest.mark.security

    def test_negative(self, ledger):
        with pytest.raises(ValueError):
            ledger.book("a", "b", -1)

    def test_zero(self, ledger):
        with pytest.raises(ValueError):
            ledger.book("a", "b", 0)


class TestOld:
    pytestmark = old

    def test_old(self, ledger):
        assert ledger.sum()

    @pytest.mark.skipif("sys.version_info < (3, 10)", reason="needs 3.10")
    def test_new(self, ledger):
        assert ledger.sum()


@pytest.mark.parametrize("kind", ["one", pytest.param("two", marks=[pytest.mark.integration])])
def test_a_parameter_is_marked(kind):
    assert kind


@pytest.mark.slow
def test_slow():
    raise AssertionError("left out by -m")


def test_unit():
    pass
