

@pytest.mark.parametrize("number", range(shared.SAMPLES))
def test_sample(number):
    assert 0 <= shared.sample(number) < 97
