from a_package_that_nixpkgs_lacks import fast  # noqa: F401


def test_never():
    raise AssertionError
