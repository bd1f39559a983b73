"""The README tells the truth about who may do what, and about the commands."""

import re
from pathlib import Path

from werklab.access import MAY, MAY_ANYWHERE, ROLES

ROOT = Path(__file__).resolve().parent.parent.parent
README = (ROOT / "README.md").read_text()


def table() -> str:
    """The rights as the README prints them."""
    lines = [
        "| ability | staff (LSA) | trainer | coordinator | participant |",
        "|---|---|---|---|---|",
    ]
    for ability, allowed in (MAY | MAY_ANYWHERE).items():
        ticks = " | ".join("✓" if role in allowed else " " for role in ROLES)
        lines.append(f"| {ability} | {ticks} |")
    return "\n".join(lines)


def test_the_table_of_rights_is_the_one_in_access():
    printed = re.search(r"<!-- access -->\n(.*?)\n<!-- /access -->", README, re.DOTALL)[1]

    assert printed == table()


def test_every_command_of_the_readme_is_in_the_makefile():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"`?make ([a-z]+)", README))

    assert named <= targets
