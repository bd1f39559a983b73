"""The report to the management team: the page, the PDF, making it final and opening it again."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sessions import report as actions
from sessions.points import points
from werklab import access
from werklab.errors import Refused


@require_safe
@access.lab_view("download_advice")
def report(request, lab):
    """The report as a page, for everybody in the lab; a draft says that it is one."""
    found = points(lab)
    page = {
        "lab": lab,
        "tab": "advice",
        "points": found,
        "has_pdf": found["edition"].final or "download_draft" in request.may,
    }
    return render(request, "sessions/report.html", page)


@require_safe
@access.lab_view("download_advice")
def advice_pdf(request, lab):
    """The report as a file (REQ-122). Participants get it when it is final, not as a draft."""
    if "download_draft" not in request.may and actions.standing(lab) is None:
        return render(
            request, "sessions/not_final_yet.html", {"lab": lab, "tab": "advice"}, status=403
        )
    try:
        name, made, sha256 = actions.download(request.user, lab)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("sessions:advice", lab.slug)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
        "ETag": f'"{sha256}"',
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(made, content_type="application/pdf", headers=headers)


@require_POST
@access.lab_view("finalise_advice")
def finalise(request, lab):
    """Make the report final: from now on the same bytes for everybody."""
    try:
        made = actions.finalise(request.user, lab)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        done = _("The advice is final: report %(number)s. Everybody gets a mail.")
        messages.success(request, done % {"number": made.number})
    return redirect("sessions:advice", lab.slug)


@require_POST
@access.lab_view("finalise_advice")
def reopen(request, lab):
    """Go on writing; the final report stays for the record."""
    try:
        actions.reopen(request.user, lab)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("You can go on writing."))
    return redirect("sessions:advice", lab.slug)
