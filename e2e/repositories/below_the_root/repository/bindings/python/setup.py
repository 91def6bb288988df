import os

from setuptools import find_packages, setup

VERSION = "1.5.2"

setup(
    name="counter",
    version=VERSION,
    description="Counts",
    packages=find_packages(exclude=["tests", "tests.*"]),
    python_requires=">=3.10,<3.12",
    install_requires=["six"],
    extras_require={"test": ["pytest"]},
    entry_points={"console_scripts": ["count=counter.main:main"]},
    long_description=open(os.path.join(os.path.dirname(__file__), "DESCRIPTION.md")).read(),
)
