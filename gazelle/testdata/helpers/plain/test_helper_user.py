from helper import VALUE
from test_base import Base


class TestUser(Base):
    def test_value(self):
        assert VALUE
