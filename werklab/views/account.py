"""People who sign in: the pool of trainers, and leaving."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from werklab import access, people
from werklab.access import KnownRequest
from werklab.errors import Refused
from werklab.forms.people import TrainerForm
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


@login_not_required
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out, stop a visit by link, or give up a code that was asked for."""
    logout(request)
    return redirect("werklab:home")
