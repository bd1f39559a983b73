"""A municipality's request becomes a lab, with nothing typed again."""

from django.db import transaction
from django.utils.translation import gettext as _

from sessions.programme import make_sessions
from werklab import events, labs, people, requests
from werklab.errors import Refused
from werklab.models import Lab, LabRequest, User


@transaction.atomic
def make_lab(by: User, request: LabRequest) -> Lab:
    """Make a lab in preparation of a request: who asked is its coordinator (REQ-047).

    Its trainers, days and places come later: the readiness list asks for them. Pressed twice it is
    one lab. Raises Refused when the request was declined.
    """
    request = requests.take_turn(request)
    if request.lab is not None:
        return request.lab
    if request.declined_at:
        raise Refused(_("You said before that this werklab does not come."))
    coordinator = people.person_for(request.email, request.name)
    if request.phone and not coordinator.phone:
        coordinator.phone = request.phone
        coordinator.save(update_fields=["phone"])
    lab = labs.open_lab(
        by,
        municipality=request.municipality,
        trainers={},
        coordinator=coordinator,
        contact_phone=by.phone,
    )
    make_sessions(lab)
    events.record(by, "lab_from_request", lab, lab=lab)
    requests.accept(request, lab, coordinator)
    return lab
