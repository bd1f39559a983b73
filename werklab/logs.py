"""What may stand in a log line."""

import logging
import re

TOKENS = "mijn|bezoek|meepraten|onderschrijven|aangemeld|agenda|geen-post|ons-profiel"
TOKEN_IN_PATH = re.compile(rf"/({TOKENS})/[^/\s\"']+")


class HideTokens(logging.Filter):
    """Keep the secrets of personal links out of every log line (ASVS 14.2.1)."""

    def filter(self, record):
        """Rewrite the message; never drop a line."""
        record.msg, record.args = TOKEN_IN_PATH.sub(r"/\1/…", record.getMessage()), ()
        return True
