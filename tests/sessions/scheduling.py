"""What somebody types to schedule or change a lab, for the tests that need it."""

from datetime import datetime, timedelta

from django.utils import timezone

from sessions.meetings import Meeting
from tests.factories import as_of_now, in_days, today
from werklab.models import Lab, LabRole, User


def meetings(*days: int, hour: int = 9, hours: float = 3.5) -> list[Meeting]:
    """Three sessions, so many days from today, at half past `hour`."""
    starts = [in_days(day, hour) for day in days or (30, 45, 60)]
    return [Meeting(at, at + timedelta(hours=hours), "Buurthuis De Dorsvloer") for at in starts]


def day(days: int) -> str:
    """A day as a browser sends it."""
    return str(today(days))


def typed(trainers: list[User], **changes) -> dict:
    """The form to schedule a lab, filled in; `changes` are other answers."""
    municipal, initiatives = trainers
    return {
        "municipality": "Vlierhoven",
        "municipal": municipal.pk,
        "initiatives": initiatives.pk,
        "coordinator_name": "Ilse de Boer",
        "coordinator_email": "ilse@vlierhoven.example",
        "capacity": "15",
        "enrol_until": day(20),
        "contact_phone": "06 1234 5678",
        **sessions_typed(30, 45, 60),
        **as_of_now(changes),
    }


def sessions_typed(*days: int, starts: str = "09:30", ends: str = "13:00") -> dict:
    """The part of the form that is about the three sessions."""
    answers = {}
    for number, days_ahead in enumerate(days, start=1):
        answers |= {
            f"date_{number}": day(days_ahead),
            f"starts_{number}": starts,
            f"ends_{number}": ends,
            f"place_{number}": f"Zaal {number}",
        }
    return answers


def as_agreed(lab: Lab, **changes) -> dict:
    """The form to change a lab, as it stands; `changes` are other answers."""
    answers = {
        "enrol_until": str(lab.enrol_until),
        "capacity": str(lab.capacity),
        "contact_name": lab.contact_name,
        "contact_email": lab.contact_email,
        "contact_phone": lab.contact_phone,
        "mail_domains": ", ".join(lab.municipality.mail_domains),
        "decide_on": str(lab.decide_on or ""),
    }
    coordinator = lab.roles.get(role=LabRole.Role.COORDINATOR).user
    answers |= {"coordinator_name": coordinator.name, "coordinator_email": coordinator.email}
    for session in lab.programme():
        starts, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
        answers |= {
            f"date_{session.number}": str(starts.date()),
            f"starts_{session.number}": f"{starts:%H:%M}",
            f"ends_{session.number}": f"{ends:%H:%M}",
            f"place_{session.number}": session.place,
            f"initiatives_{session.number}": _clock(session.initiatives_start_at),
            f"route_{session.number}": session.route,
            f"accessibility_{session.number}": session.accessibility,
        }
    return answers | as_of_now(changes)


def _clock(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%H:%M}" if moment else ""
