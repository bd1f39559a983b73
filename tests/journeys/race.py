"""Run in a process of its own by `test_real_server`: make an empty lab, or tell how it ended."""

import json
import sys

import django

django.setup()

from tests.factories import LabFactory, MunicipalityFactory  # noqa: E402
from werklab.models import Lab, OutgoingMail  # noqa: E402

if sys.argv[1] == "make":
    LabFactory(municipality=MunicipalityFactory(mail_domains=["oss.example"]), join_code="vol")
else:
    lab = Lab.objects.get(join_code="vol")
    rows = lab.enrolments.order_by("number").values_list("number", "seat", "status")
    print(json.dumps({"rows": list(rows), "letters": OutgoingMail.objects.count()}))
