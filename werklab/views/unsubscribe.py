"""The page behind "no more mails like this one", for people and for mail programs (RFC 8058)."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from werklab import mail, no_more_post


@csrf_exempt  # a mail program posts here of its own accord; the token in the address is the proof
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing: scanners open links. Posting stops it, or wants it after all.

    The answer to a POST is the page itself: mail programs follow no redirect.
    """
    letter = mail.stop_from(token)
    lab, email = letter.lab, letter.to
    assert lab is not None  # only a letter of a lab can be stopped
    if request.method == "POST":
        act = no_more_post.send_again if "again" in request.POST else no_more_post.stop_post
        act(lab, email)
    page = {
        "lab": lab,
        "email": email,
        "is_stopped": no_more_post.is_stopped(lab, email),
        "changed": request.method == "POST",
    }
    return render(request, "werklab/no_more_post.html", page)
