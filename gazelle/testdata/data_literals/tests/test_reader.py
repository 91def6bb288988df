import os
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent


def test_files():
    assert (ROOT / 'README.md').read_text()
    assert open('LICENSE').read()
    assert open(os.path.join(os.path.dirname(__file__), '..', 'data', 'table.csv')).read()
    assert list((HERE / 'cases').glob('**/*.json'))
    assert (HERE / 'golden.txt').read_text() == 'gold\n'
    assert not Path('no/such/file.txt').exists()
