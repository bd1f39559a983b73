"""People who sign in: the pool of trainers, one's own account, and leaving."""

from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from werklab import access, browsers, people, second_factor
from werklab.access import KnownRequest
from werklab.errors import Refused
from werklab.forms.people import OwnDetailsForm, TrainerForm
from werklab.models import User


@require_http_methods(["GET", "HEAD", "POST"])
@access.anywhere_view("manage_trainers")
def trainers(request: KnownRequest) -> HttpResponse:
    """The pool from which every lab takes its two trainers (REQ-038), for staff."""
    form = TrainerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            trainer = people.add_trainer(request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(
                request, _("%(name)s is in the list and gets a mail.") % {"name": trainer}
            )
            return redirect("werklab:trainers")
    pool = User.objects.trainers().order_by("name")
    return render(request, "werklab/trainers.html", {"pool": pool, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@access.account_view
def account(request: KnownRequest) -> HttpResponse:
    """Your own account: your name, your second step, where you are signed in, your data."""
    person = request.user
    form = OwnDetailsForm(
        request.POST if request.method == "POST" else None,
        initial={"name": person.name, "phone": person.phone},
        has_phone=bool(person.background),
    )
    if form.is_valid():
        people.change_own_details(person, **form.cleaned_data)
        messages.success(request, _("Your details are changed."))
        return redirect("werklab:account")
    page = {
        "form": form,
        "factors": _factors(person),
        "sessions": _signed_in(request),
    }
    return render(request, "werklab/account.html", page)


def _factors(person: User) -> dict:
    found = second_factor.factors_of(person)
    of_type = {type_: [f for f in found if f.type == type_] for type_ in second_factor.TYPE}
    codes = next(iter(of_type[second_factor.TYPE.RECOVERY_CODES]), None)
    return {
        "passkeys": of_type[second_factor.TYPE.WEBAUTHN],
        "app": next(iter(of_type[second_factor.TYPE.TOTP]), None),
        "codes": codes,
        "codes_left": second_factor.codes_left(codes) if codes else 0,
        "some": bool(found),
    }


def _signed_in(request: KnownRequest) -> list[dict]:
    here = request.session.session_key
    found = [
        {
            "pk": session.pk,
            "since": session.created_at,
            "browser": browsers.in_words(session.user_agent),
            "here": session.session_key == here,
        }
        for session in browsers.signed_in(request.user)
    ]
    return sorted(found, key=lambda session: not session["here"])


@require_safe
@access.account_view
def second_step(request: KnownRequest) -> HttpResponse:
    """Passkeys, the app and recovery codes; the first page of who must have one and has none."""
    factors = _factors(request.user)
    if factors["some"] and not second_factor.was_shown(request):
        raise ReauthenticationRequired  # signed in before the factor was there: show it first
    needed = settings.REQUIRE_SECOND_FACTOR and second_factor.is_needed_by(request.user)
    page = {"factors": factors, "needed": needed}
    return render(request, "mfa/index.html", page)


@require_POST
@access.account_view
def end_session(request: KnownRequest, pk: int) -> HttpResponse:
    """Sign out one other browser."""
    one = browsers.signed_in(request.user).filter(pk=pk)
    get_object_or_404(one)
    browsers.end(request.user, one)
    messages.success(request, _("That browser is signed out."))
    return redirect("werklab:account")


@require_POST
@access.account_view
def end_other_sessions(request: KnownRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    here = request.session.session_key
    browsers.end(request.user, browsers.signed_in(request.user).exclude(session_key=here))
    messages.success(request, _("You are signed in here only now."))
    return redirect("werklab:account")


@login_not_required
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out, stop a visit by link, or give up a code that was asked for."""
    logout(request)
    return redirect("werklab:home")
