"""What every record has in common: frozen, versioned, and kind to records from a newer release.

A reader keeps fields and enum values it does not know and writes them back untouched, so that an old
worker may handle a new worker's record. Only another *major* version is refused, because its fields
may mean something else: leave such a record where it is, for a newer reader.
"""

from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, field_validator

from shared.errors import NewerSchema


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC)


Moment = Annotated[datetime, AfterValidator(_in_utc)]
"""A point in time, always aware and in UTC; a naive one is read as UTC."""


class Part(BaseModel):
    """A piece of a record: frozen, keeps unknown fields, has no version of its own."""

    model_config = ConfigDict(frozen=True, extra="allow")


class Record(Part):
    """A record that crosses a process: a ``Part`` with a ``schema_version`` of ``major.minor``.

    Raises ``NewerSchema`` when the major version is newer than this reader's.
    """

    SCHEMA: ClassVar[str] = "1.0"

    schema_version: str = "1.0"

    @field_validator("schema_version", mode="before")
    @classmethod
    def _refuse_newer_major(cls, version: Any) -> str:
        # Of the field, not of the whole, which would have to leave JSON first: that doubled the time to read.
        if str(version).split(".")[0] != cls.SCHEMA.split(".")[0]:
            raise NewerSchema(cls.__name__, str(version), cls.SCHEMA)
        return str(version)

    @classmethod
    def from_json(cls, raw: str | bytes) -> Self:
        """Read one record; raises ``pydantic.ValidationError`` or ``NewerSchema``."""
        return cls.model_validate_json(raw)

    def to_json(self) -> str:
        """Write the record as one line of JSON that ``from_json`` reads back equal."""
        return self.model_dump_json()
