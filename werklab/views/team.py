"""Who leads a lab: put trainers on its two chairs."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sessions.forms.team import TeamForm
from sessions.team import put_trainers
from werklab import access
from werklab.errors import Refused
from werklab.models import Lab


@require_http_methods(["GET", "HEAD", "POST"])
@access.lab_view("replace_trainer")
def team(request: access.KnownRequest, lab: Lab) -> HttpResponse:
    """Choose the trainers: for an empty chair, or instead of who fell ill."""
    form = TeamForm(request.POST if request.method == "POST" else None, lab=lab)
    if form.is_valid():
        try:
            put_trainers(request.user, lab, form.trainers())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The trainers are kept. Who is new gets a mail."))
            if lab.letters.drafts().filter(kind="trainer_changed").exists():
                messages.warning(request, _("Letters about the new trainer wait in the post."))
            mine = access.may(request.user, "see_lab", lab)
            return redirect(lab) if mine else redirect("werklab:home")
    return render(request, "werklab/team.html", {"lab": lab, "form": form, "tab": "overview"})
