import pathlib

SETTINGS = pathlib.Path(__file__).with_name('settings.ini').read_text()
