"""The calendar files of one place, as three programs read them: the same moments, no double entry.

A place is confirmed, session 1 moves twice, the lab is called off. What the letters bring is given
to icalendar (Python), khal (a calendar program) and ical.js (that of many web mails), in that
order; the last two are brought by `.ci/calendar-readers.sh`.
"""

import json
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from sessions import changes
from sessions.meetings import meetings_of
from sessions.programme import change_lab
from tests.factories import LabFactory, LabSessionFactory
from tests.sessions.test_moves import agreed
from tests.werklab.test_enrolment_race import person
from werklab import enrolment, mail
from werklab.models import Lab

ROOT = Path(__file__).resolve().parent.parent.parent
READERS = ROOT / "var" / "calendar-readers"
KHAL, ICAL_JS = READERS / "khal/bin/khal", READERS / "js/node_modules/ical.js/dist/ical.js"
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
# The local time is always 09:30. Session 1 goes from winter to the day of the clock change, and to
# summer; session 2 is in the week before the clock goes back.
WINTER, CHANGE, SUMMER, AUTUMN = (
    date(2027, 1, 12),
    date(2027, 3, 28),
    date(2027, 7, 1),
    date(2027, 10, 24),
)
LAST = date(2027, 12, 14)
IN_UTC = {WINTER: 8, CHANGE: 7, SUMMER: 7, AUTUMN: 7, LAST: 8}


def at(day):
    return datetime(day.year, day.month, day.day, 9, 30, tzinfo=AMSTERDAM)


def in_utc(day):
    """The moment that a program must show, worked out by hand."""
    return f"{day}T{IN_UTC[day]:02}:30"


def move_session_1(lab, day):
    """Move it and give the letter of the one participant."""
    lab = Lab.objects.get(pk=lab.pk)
    first, *others = meetings_of(lab)
    moved = replace(first, starts_at=at(day), ends_at=at(day) + timedelta(hours=3))
    trainer = lab.roles.first().user
    change_lab(trainer, lab, **agreed(lab, meetings=[moved, *others]), now=NOW)
    return lab.letters.get(kind="sessions_moved", status="draft")


@pytest.fixture
def files(tmp_path):
    """The lab, and the four files in the order in which they come, as they go over the wire."""
    lab = LabFactory(sessions=False, enrol_until=date(2027, 1, 5))
    for number, day in enumerate((WINTER, AUTUMN, LAST), start=1):
        ends_at = at(day) + timedelta(hours=3)
        LabSessionFactory(lab=lab, number=number, starts_at=at(day), ends_at=ends_at)
    enrolment.enrol(lab, **person(1), now=NOW)
    letters = [lab.letters.get(kind="place_confirmed")]
    letters.append(move_session_1(lab, CHANGE))
    lab.letters.filter(status="draft").update(status="sent")
    letters.append(move_session_1(lab, SUMMER))
    lab.letters.filter(status="draft").update(status="sent")
    changes.cancel_lab(lab.roles.first().user, lab, "Te weinig mensen.", now=NOW)
    letters.append(lab.letters.get(kind="lab_cancelled"))
    paths = []
    for number, letter in enumerate(letters):
        attachment = mail.message(letter).attachments[0]
        paths.append(tmp_path / f"{number}.ics")
        paths[-1].write_bytes(attachment.content.encode())
    return lab, paths


def expected(lab):
    """What stands in a calendar after each of the four files: by UID, the moment in UTC."""
    first, second, third = (f"session-{s.pk}@werklab.example" for s in lab.programme())
    others = {second: in_utc(AUTUMN), third: in_utc(LAST)}
    return [{first: in_utc(day)} | others for day in (WINTER, CHANGE, SUMMER)] + [{}]


@pytest.fixture(scope="session")
def readers():
    """khal and ical.js; without them the test fails and says how to get them, it never skips."""
    if not (KHAL.exists() and ICAL_JS.exists()):
        made = subprocess.run(
            ["sh", ROOT / ".ci/calendar-readers.sh"], capture_output=True, text=True, check=False
        )
        assert made.returncode == 0, f"sh .ci/calendar-readers.sh does not work:\n{made.stderr}"
    assert shutil.which("node"), "ical.js needs Node: apt-get install --no-install-recommends npm"


def run(*command, **more):
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False, **more
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_icalendar_shows_one_entry_that_moves_and_then_none(files):
    lab, paths = files
    calendar, after, sequences = {}, [], []
    for path in paths:
        file = Calendar.from_ical(path.read_bytes())
        for event in file.walk("VEVENT"):
            if file["METHOD"] == "CANCEL":
                calendar.pop(str(event["UID"]))
            else:
                calendar[str(event["UID"])] = f"{event.start.astimezone(UTC):%Y-%m-%dT%H:%M}"
        after.append(dict(calendar))
        sequences.append([event["SEQUENCE"] for event in file.walk("VEVENT")])

    assert after == expected(lab)
    assert sequences == [[0, 0, 0], [1, 0, 0], [2, 0, 0], [3, 1, 1]]


def test_khal_shows_one_entry_that_moves_and_then_none(files, tmp_path, readers):
    lab, paths = files
    settings = tmp_path / "khal.conf"
    settings.write_text(
        f"[calendars]\n[[own]]\npath = {tmp_path / 'own'}\n"
        f"[sqlite]\npath = {tmp_path / 'khal.db'}\n"
        "[locale]\nlocal_timezone = UTC\ndefault_timezone = UTC\n"
        "longdatetimeformat = %Y-%m-%dT%H:%M\ndatetimeformat = %Y-%m-%dT%H:%M\n"
        "longdateformat = %Y-%m-%d\ndateformat = %Y-%m-%d\ntimeformat = %H:%M\n"
    )
    (tmp_path / "own").mkdir()
    after = []
    for path in paths:
        run(KHAL, "-c", settings, "import", "--batch", path)
        line = "{uid} {start-long} {cancelled}"
        listed = run(
            *(KHAL, "-c", settings, "list", "--day-format", "", "--format", line),
            *("2027-01-01", "365d"),
        )
        rows = [row.split(maxsplit=2) for row in listed.splitlines() if row.strip()]
        assert len(rows) == 3  # never a second entry of the same session
        after.append({row[0]: row[1] for row in rows if len(row) == 2})

    assert after == expected(lab)


def test_ical_js_shows_one_entry_that_moves_and_then_none(files, readers):
    lab, paths = files

    script = Path(__file__).parent / "read_calendar.mjs"
    after = json.loads(run("node", script, ICAL_JS, *paths))

    shown = [{uid: moment[:16] for uid, moment in entries.items()} for entries in after]
    assert shown == expected(lab)
