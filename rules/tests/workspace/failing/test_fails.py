def test_fails(): assert "one" == "two"
