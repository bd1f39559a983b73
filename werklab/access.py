"""Who may see or do what: the one place.

`MAY` is the table that the README prints; a test holds the two equal. `labs_for` is the one
primitive: lists and single objects cannot disagree, because both come from it. "May you" stands
here; "can it be done now" stands with the models and actions.

Somebody who came by a personal link (`user.by_link`) is a participant in that one lab and nothing
else, whatever more the same person may be after signing in.
"""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404, render

from werklab import links
from werklab.models import Enrolment, Lab, LabRole, User

STAFF, TRAINER, COORDINATOR, PARTICIPANT = "staff", "trainer", "coordinator", "participant"
ROLES = (STAFF, TRAINER, COORDINATOR, PARTICIPANT)

# What each role may do in a lab that is theirs. Staff see every lab.
MAY = {
    "see_lab": {STAFF, TRAINER, COORDINATOR, PARTICIPANT},
    "schedule_sessions": {STAFF, TRAINER},
    "manage_enrolment": {STAFF, TRAINER, COORDINATOR},
    "see_visits": {STAFF, TRAINER, COORDINATOR},
    "plan_visits": {STAFF, TRAINER},
    "run_sessions": {STAFF, TRAINER},
    "read_register": {STAFF, TRAINER, COORDINATOR},
    "edit_register": {STAFF, TRAINER, COORDINATOR},
    "answer_intake": {PARTICIPANT},
    "read_intakes": {TRAINER},
    "add_card": {TRAINER, PARTICIPANT},
    "vote": {TRAINER, PARTICIPANT},
    "write_advice": {TRAINER, PARTICIPANT},
    "record_endorsement": {TRAINER},
    "name_presenters": {STAFF, TRAINER, COORDINATOR},
    "finalise_advice": {STAFF, TRAINER},
    "download_advice": {STAFF, TRAINER, COORDINATOR, PARTICIPANT},
    "download_draft": {STAFF, TRAINER, COORDINATOR},
    "read_logbook": {STAFF, TRAINER},
}

# What each role may do outside a lab.
MAY_ANYWHERE = {
    "create_lab": {STAFF, TRAINER},
    "manage_trainers": {STAFF},
}


def _roles(user: User) -> dict[str, Q]:
    """For each role the condition under which a lab gives it to this person."""
    seated = Enrolment.objects.seated().filter(lab=OuterRef("pk"), person=user)
    if user.by_link is not None:
        return {PARTICIPANT: Q(pk=user.by_link.lab_id) & Q(Exists(seated))}
    mine = LabRole.objects.filter(lab=OuterRef("pk"), user=user)
    roles = {
        TRAINER: Q(Exists(mine.filter(role=LabRole.Role.TRAINER))),
        COORDINATOR: Q(Exists(mine.filter(role=LabRole.Role.COORDINATOR))),
        PARTICIPANT: Q(Exists(seated)),
    }
    if user.is_staff:
        roles[STAFF] = Q(pk__isnull=False)
    return roles


def labs_for(user: User, ability: str) -> QuerySet[Lab]:
    """Every lab in which this person may do this."""
    allowed = Q(pk__in=[])
    for role, condition in _roles(user).items():
        if role in MAY[ability]:
            allowed |= condition
    return Lab.objects.filter(allowed)


def may(user: User, ability: str, lab: Lab) -> bool:
    """Whether this person may do this in this lab."""
    return labs_for(user, ability).filter(pk=lab.pk).exists()


def may_anywhere(user: User, ability: str) -> bool:
    """Whether this person may do something that is not about one lab."""
    if not user.is_authenticated or user.by_link is not None:
        return False
    roles = {STAFF} if user.is_staff else set()
    if user.background:
        roles.add(TRAINER)
    return bool(roles & MAY_ANYWHERE[ability])


def lab_for(user: User, slug: str) -> tuple[Lab, frozenset[str]]:
    """The lab with this slug and everything this person may do in it, in one query.

    Raises Http404 when the lab is not theirs to see.
    """
    conditions = _roles(user)
    labs = Lab.objects.select_related("municipality").annotate(
        **{f"as_{role}": condition for role, condition in conditions.items()}
    )
    lab = get_object_or_404(labs, slug=slug)
    roles = {role for role in conditions if getattr(lab, f"as_{role}")}
    if not roles:
        raise Http404
    return lab, frozenset(ability for ability, allowed in MAY.items() if roles & allowed)


def lab_view(ability: str) -> Callable:
    """Hand the view its `lab`. Not yours to see: 404. Yours to see, not to do: 403."""

    def decorate(view):
        @wraps(view)
        def inner(request: HttpRequest, lab_slug: str, **kwargs):
            lab, request.may = lab_for(request.user, lab_slug)
            if ability not in request.may:
                raise PermissionDenied
            return view(request, lab=lab, **kwargs)

        return inner

    return decorate


def anywhere_view(ability: str) -> Callable:
    """Open a page that is not about one lab to whom `MAY_ANYWHERE` names; others get 403."""

    def decorate(view):
        @wraps(view)
        def inner(request: HttpRequest, **kwargs):
            if not may_anywhere(request.user, ability):
                raise PermissionDenied
            return view(request, **kwargs)

        return inner

    return decorate


def link_view(purpose: str) -> Callable:
    """Open a page to whoever holds a personal link for this purpose; the view gets the `link`.

    Never was, or for something else: 404. Over or taken back: a page of its own (410) that says
    whom to call.
    """

    def decorate(view):
        @login_not_required
        @wraps(view)
        def inner(request: HttpRequest, token: str, **kwargs):
            try:
                link = links.open_link(token, purpose)
            except links.LinkEnded as ended:
                page = {"lab": ended.link.lab}
                return render(request, "werklab/link_ended.html", page, status=410)
            response = view(request, link=link, token=token, **kwargs)
            response.setdefault("Cache-Control", "no-store")
            return response

        return inner

    return decorate


def own_place_view(view: Callable) -> Callable:
    """Hand the view the visitor's own enrolment in this lab, living or ended; others get 404.

    A waiting or withdrawn person sees this page and nothing else.
    """

    @wraps(view)
    def inner(request: HttpRequest, lab_slug: str, **kwargs):
        mine = Enrolment.objects.filter(person=request.user, lab__slug=lab_slug)
        if request.user.by_link is not None:
            mine = mine.filter(lab=request.user.by_link.lab_id)
        mine = mine.select_related("lab__municipality", "person").order_by("-number")
        enrolment = mine.living().first() or mine.first()
        if enrolment is None:
            raise Http404
        enrolment.person = request.user
        return view(request, enrolment=enrolment, **kwargs)

    return inner


def what_you_may(request: HttpRequest) -> dict:
    """Context processor: `may` for templates, the set that the door computed with the lab."""
    return {"may": getattr(request, "may", frozenset())}
