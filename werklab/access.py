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
from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404, render

from werklab import links
from werklab.models import Enrolment, Lab, LabRole, User


class KnownRequest(HttpRequest):
    """What a view gets that is not open to everybody: who asks is known.

    For the type checker; `may` is there behind `lab_view`.
    """

    user: User
    may: frozenset[str]


STAFF, TRAINER, COORDINATOR, PARTICIPANT = "staff", "trainer", "coordinator", "participant"
ROLES = (STAFF, TRAINER, COORDINATOR, PARTICIPANT)

# What each role may do in a lab that is theirs. Staff see every lab.
MAY = {
    "see_lab": {STAFF, TRAINER, COORDINATOR, PARTICIPANT},
    "schedule_sessions": {STAFF, TRAINER},
    "cancel_lab": {STAFF, TRAINER},
    "replace_trainer": {STAFF, TRAINER},
    "decide_to_go_on": {STAFF, TRAINER, COORDINATOR},
    "see_price": {STAFF},
    "manage_enrolment": {STAFF, TRAINER, COORDINATOR},
    "manage_post": {STAFF, TRAINER, COORDINATOR},
    "edit_letters": {STAFF, TRAINER},
    "answer_organisation_intake": {COORDINATOR},
    "read_organisation_intake": {TRAINER, COORDINATOR},
    "read_sensitive_answers": {TRAINER},
    "go_through_organisation_intake": {TRAINER},
    "see_visits": {STAFF, TRAINER, COORDINATOR},
    "plan_visits": {STAFF, TRAINER},
    "choose_for_municipality": {COORDINATOR},
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
    "handle_requests": {STAFF},
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


# What `_roles` asks, as SQL that needs no building: every page of a lab asks it first, and to build
# the ORM's takes five times as long as the answer. The tests hold the two equal for every role.
ROLE_HERE = """EXISTS(SELECT 1 FROM werklab_labrole AS mine WHERE mine.lab_id = werklab_lab.id
    AND mine.user_id = %s AND mine.role = %s)"""
SEAT_HERE = """EXISTS(SELECT 1 FROM werklab_enrolment AS mine WHERE mine.lab_id = werklab_lab.id
    AND mine.person_id = %s AND mine.status = 'seated')"""


def _marked(user: User) -> QuerySet[Lab]:
    """Labs with their municipality, marked with the roles that this person has in them."""
    yes_or_no = BooleanField()
    marks = {f"as_{PARTICIPANT}": RawSQL(SEAT_HERE, [user.pk], yes_or_no)}
    labs = Lab.objects.select_related("municipality")
    if user.by_link is not None:
        return labs.filter(pk=user.by_link.lab_id).annotate(**marks)
    for role in (TRAINER, COORDINATOR):
        marks[f"as_{role}"] = RawSQL(ROLE_HERE, [user.pk, role], yes_or_no)
    if user.is_staff:
        marks[f"as_{STAFF}"] = RawSQL("TRUE", [], yes_or_no)
    return labs.annotate(**marks)


def labs_seen_by(user: User) -> QuerySet[Lab]:
    """Every lab that is theirs to see, for a list; `abilities` tells what they may do in each."""
    return _marked(user).filter(pk__in=labs_for(user, "see_lab").order_by().values("pk"))


def labs_of(user: User) -> QuerySet[Lab]:
    """Every lab in which this person has a role or a living place of their own, marked likewise.

    What staff merely may see is not theirs; who waits for a place finds their lab here too.
    """
    roles = LabRole.objects.filter(user=user).order_by()
    places = Enrolment.objects.living().filter(person=user).order_by()
    return _marked(user).filter(Q(pk__in=roles.values("lab")) | Q(pk__in=places.values("lab")))


def abilities(lab: Lab) -> frozenset[str]:
    """Everything that may be done in this lab by the person for whom it was marked."""
    roles = {role for role in ROLES if getattr(lab, f"as_{role}", False)}
    return frozenset(ability for ability, allowed in MAY.items() if roles & allowed)


def lab_for(user: User, slug: str) -> tuple[Lab, frozenset[str]]:
    """The lab with this slug and everything this person may do in it, in one query.

    Raises Http404 when the lab is not theirs to see.
    """
    lab = get_object_or_404(_marked(user), slug=slug)
    may_do = abilities(lab)
    if not may_do:
        raise Http404
    return lab, may_do


def lab_view(ability: str) -> Callable:
    """Hand the view its `lab`. Not yours to see: 404. Yours to see, not to do: 403."""

    def decorate(view):
        @wraps(view)
        def inner(request: KnownRequest, lab_slug: str, **kwargs):
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
        def inner(request: KnownRequest, **kwargs):
            if not may_anywhere(request.user, ability):
                raise PermissionDenied
            return view(request, **kwargs)

        return inner

    return decorate


def account_view(view: Callable) -> Callable:
    """Open a page of one's own account to who signed in. A personal link is no account: 404."""

    @wraps(view)
    def inner(request: KnownRequest, **kwargs):
        if request.user.by_link is not None:
            raise Http404
        return view(request, **kwargs)

    return inner


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
                page = {"lab": ended.link.lab, "is_place": purpose == "enrolment"}
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
    def inner(request: KnownRequest, lab_slug: str, **kwargs):
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
