import pytest

integration = pytest.mark.integration


def test_parses():
    with pytest.raises(SystemExit):
        __import__("tide_tables.cli").cli.main(["--no-such-option"])


@integration
def test_by_an_alias(run):
    assert run("--help").returncode == 0


class TestClass:
    @pytest.mark.integration
    def test_one(self, run):
        assert "station" in run("--help").stdout

    def test_two(self, origin):
        assert origin.endswith("cli")

    @integration
    @pytest.mark.skip(reason="no tide today")
    def test_three(self):
        raise AssertionError
