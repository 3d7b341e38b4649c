"""How the plain page that is being answered looks: language and theme by its address, then by the settings."""

from flask import request

from dashboard.district import District
from dashboard.settings import Settings
from layouts.plain_page import Look
from layouts.words import Lang

_CHOICES = ("lang", "theme")


class Looks:
    """Makes the look of each page."""

    def __init__(self, district: District, settings: Settings) -> None:
        self._district = district
        self._lang, self._theme = Lang(settings.language), str(settings.theme)

    def current(self) -> Look:
        """The look of the page that is being answered."""
        lang, theme = request.args.get("lang", ""), request.args.get("theme", "")
        return Look(
            Lang(lang) if lang in ("zh", "en") else self._lang,
            theme if theme in ("dark", "light") else self._theme,
            self._district.name,
            self._district.name_en,
            request.path,
            tuple((name, value) for name, value in request.args.items() if name not in _CHOICES),
        )
