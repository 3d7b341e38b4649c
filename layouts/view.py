"""What every panel needs besides its figures: the words, the district and its clock."""

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from dashboard.district import District
from layouts.words import UNKNOWN, Lang, Words


@dataclass(frozen=True)
class View:
    """One district seen in one language; names are looked up here so that every panel writes them alike."""

    district: District
    words: Words
    still_url: Callable[[str], str]  # where the stored picture of that SHA-256 is

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which times are written."""
        return self.district.timezone

    def centre(self, code: str) -> str:
        """The name of a centre without its kind: 西乡, not 西乡街道."""
        centre = self.district.centres.get(code)
        return self.short(self.words.name(centre.name, centre.name_en)) if centre else code

    def community(self, index: int) -> str:
        """The name of a community by its index."""
        if index < 0:
            return UNKNOWN
        centre = self.district.communities[index]
        return self.short(self.words.name(centre.name, centre.name_en))

    def sub_district(self, community: int) -> str:
        """The name of the sub-district in which a community lies."""
        if community < 0:
            return self.words("outside")
        centre = self.district.sub_districts[int(self.district.sub_district_of[community])]
        return self.short(self.words.name(centre.name, centre.name_en))

    def kind(self, code: str) -> str:
        """The name of an incident kind, or its code where the catalogue has none."""
        kind = self.district.kinds.get(code)
        return self.words.name(kind.name, kind.name_en) if kind else code

    def item(self, code: str) -> str:
        """The name of a case item, or its code."""
        item = self.district.items.get(code)
        return self.words.name(item.name, item.name_en) if item else code

    def device(self, device: str) -> str:
        """The name of a device, or its id."""
        index = self.district.device_index.get(device)
        return self.district.devices[index].name or device if index is not None else device

    def short(self, name: str) -> str:
        """A centre's name without the word for its kind."""
        if self.words.lang is Lang.EN:
            return name.removesuffix(" Subdistrict").removesuffix(" Sub-district").removesuffix(" Community")
        for ending in ("社区居委会", "社区工作站", "街道办事处", "街道", "社区"):
            if name.endswith(ending) and len(name) > len(ending):
                return name.removesuffix(ending)
        return name
