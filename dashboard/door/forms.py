"""Forms: what a source may send, kind by kind: a record without the fields that the door itself writes."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from dashboard import records

MAX_PICTURE_BYTES = 2 * 1024 * 1024
_MAX_ROW_BYTES = 64 * 1024

_KINDS: dict[str, type[Struct]] = {
    "cases": records.Case,
    "case-steps": records.CaseStep,
    "incidents": records.Incident,
    "alerts": records.Alert,
    "fixes": records.Fix,
    "readings": records.Reading,
    "arrivals": records.Arrival,
    "replies": records.Reply,
}
_BY_THE_DOOR = {"source", "still"}  # from the token; from the picture that came along

# Dropped like every field that no form has, but counted under their own names: an operator must see that a
# source sends data about persons. Other names are counted as "other", so that no sender can invent counters.
# fmt: off
NAMED_WHEN_DROPPED = frozenset((
    "source", "record", "still", "name", "full_name", "person", "resident", "reporter", "caller", "contact",
    "id_card", "id_number", "identity", "phone", "mobile", "tel", "telephone", "email", "plate", "plate_no",
    "license_plate", "licence_plate", "face", "faces", "face_image", "photo",
    "address", "home_address", "birthday", "birth_date", "gender", "age", "health",
    "姓名", "身份证", "身份证号", "手机", "手机号", "电话", "车牌", "车牌号", "住址",
))
# fmt: on

_Picture = Annotated[
    bytes,
    Meta(
        max_length=MAX_PICTURE_BYTES,
        description="JPEG, PNG or WebP as base64, at most 2 MiB decoded; kept once, by its SHA-256",
    ),
]
_Revision = Annotated[int, Meta(ge=0, le=2**53 - 1, description="rises with each change that the source makes")]


@dataclass(frozen=True)
class Form:
    """One kind of the intake: its word in the URL, the record it becomes, the struct a row is read into."""

    word: str
    record: type[Struct]
    struct: type[Struct]
    lenient: type[Struct]  # the same, blind to unknown fields

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The fields that a row may have."""
        return self.struct.__struct_fields__

    @cached_property
    def limits(self) -> dict[str, tuple[float | None, float | None]]:
        """Least and greatest value of each number that has one."""
        found = {}
        for name, kind in plain_types(self.struct):
            if isinstance(kind, msgspec.inspect.FloatType | msgspec.inspect.IntType):
                found[name] = (kind.ge, kind.le)
        return found

    @cached_property
    def words(self) -> dict[str, str]:
        """The closed list of each field that has one, as a sentence lists it."""
        return {
            each.name: ", ".join(str(member.value) for member in each.type)
            for each in msgspec.structs.fields(self.struct)
            if hasattr(each.type, "__members__")
        }

    @cached_property
    def max_row_bytes(self) -> int:
        """The longest row that is read."""
        return _MAX_ROW_BYTES + (MAX_PICTURE_BYTES * 4 // 3 + 4 if "still_base64" in self.fields else 0)

    @cached_property
    def row_decoder(self) -> "msgspec.json.Decoder[Struct]":
        """Reads one row, strictly."""
        return msgspec.json.Decoder(self.struct)

    @cached_property
    def lenient_decoder(self) -> "msgspec.json.Decoder[Struct]":
        """Reads one row past its unknown fields."""
        return msgspec.json.Decoder(self.lenient)

    @cached_property
    def list_decoder(self) -> "msgspec.json.Decoder[list[Struct]]":
        """Reads a JSON list, strictly."""
        return msgspec.json.Decoder(list[self.struct])  # type: ignore[name-defined]


def _form(word: str, record: type[Struct]) -> Form:
    sent: list[Any] = []
    for each in msgspec.structs.fields(record):
        kind = _Revision if each.name == "revision" else each.type
        if each.name not in _BY_THE_DOOR:
            sent.append((each.name, kind) if each.required else (each.name, kind, each.default))
    if record is records.Alert:
        sent.append(("still_base64", _Picture | None, None))

    def struct(is_strict: bool) -> type[Struct]:
        return msgspec.defstruct(
            record.__name__,
            sent,
            namespace={"__doc__": record.__doc__},
            frozen=True,
            kw_only=True,
            forbid_unknown_fields=is_strict,
            gc=False,
        )

    return Form(word, record, struct(True), struct(False))


FORMS: dict[str, Form] = {word: _form(word, record) for word, record in _KINDS.items()}


def plain_types(struct: type[Struct]) -> Iterator[tuple[str, msgspec.inspect.Type]]:
    """Each field of a struct with each type that it can have, as msgspec.inspect tells it."""
    info = msgspec.inspect.type_info(struct)
    assert isinstance(info, msgspec.inspect.StructType)
    for each in info.fields:
        for kind in getattr(each.type, "types", (each.type,)):
            yield each.name, kind.type if isinstance(kind, msgspec.inspect.Metadata) else kind
