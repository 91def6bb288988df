from pkg import good

def test_broken(:
    pass
