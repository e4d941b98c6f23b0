"""The demo's history: what three companies did over the last six months, told as diaries.

A page of a diary is dated by billing months before the running one and by the day of that month, so that the story
always ends a little before today. Commands name a package by what its company calls it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from gateway.billing.catalog import Interval
from gateway.billing.commands import (
    AddAddOn,
    AddPackage,
    CancelPackage,
    ChangePackage,
    Command,
    OpenAccount,
    ReactivatePackage,
    RemoveAddOn,
    SetTaxIdentity,
)
from gateway.billing.dates import Calendar
from gateway.billing.effective import Effective, When
from gateway.billing.tax import CustomerKind

MONTHS: Final = 6
_NOW: Final = Effective(when=When.NOW)
_AT_RENEWAL: Final = Effective(when=When.AT_RENEWAL)


@dataclass(frozen=True, slots=True)
class Page:
    """One deed: `month` billing months before the running one, on a day of it from 1, at a local time.

    `called` names the package that the deed adds.
    """

    month: int
    day: int
    time: str
    deed: Command
    called: str | None = None

    def at(self, calendar: Calendar, now: datetime) -> datetime:
        """The instant of the deed, in a story that is told at `now`."""
        day = calendar.start(calendar.month(calendar.today(now)) - self.month) + timedelta(days=self.day - 1)
        return datetime.combine(day, time.fromisoformat(self.time), ZoneInfo(calendar.zone)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Diary:
    """What one company did. `label` introduces it to the reader of the demo, `owner` is who steers its account."""

    label: str
    owner: str
    opening: OpenAccount
    pages: tuple[Page, ...]

    @property
    def calendar(self) -> Calendar:
        """The billing months of its account."""
        return Calendar(self.opening.time_zone, self.opening.anchor_day)

    @property
    def story(self) -> tuple[Page, ...]:
        """Every page, the opening of the account first."""
        return (Page(MONTHS, 1, "08:30", self.opening), *self.pages)


BOOKSHOP: Final = Diary(
    "Turkish account",
    "cinaralti",
    OpenAccount(name="Çınaraltı Kitabevi A.Ş.", currency="TRY", time_zone="Europe/Istanbul", anchor_day=1, locale="tr-TR"),
    (
        Page(6, 1, "08:45", SetTaxIdentity(country="TR", kind=CustomerKind.BUSINESS, tax_id="4540536920")),
        Page(6, 1, "09:20", AddPackage(plan="team", representatives=3), called="website"),
        Page(6, 3, "14:05", AddAddOn(plan="mail_integration")),
        Page(6, 12, "10:30", ChangePackage(package_id="website", representatives=5)),
        Page(5, 4, "11:15", AddAddOn(plan="visitor_chat_start")),
        # A day of trying things out: it is billed once, as the larger package.
        Page(5, 10, "09:00", ChangePackage(package_id="website", plan="business", representatives=10)),
        Page(5, 10, "16:40", ChangePackage(package_id="website", plan="team", representatives=5, effective=_NOW)),
        Page(5, 11, "09:10", ChangePackage(package_id="website", plan="business", representatives=10)),
        Page(5, 20, "13:00", AddAddOn(plan="ai_assistant")),
        Page(4, 2, "09:45", ChangePackage(package_id="website", representatives=13)),
        Page(4, 18, "17:30", RemoveAddOn(plan="mail_integration", effective=_NOW)),
        # The outlet shop comes, pauses for a week, and comes back.
        Page(3, 5, "10:00", AddPackage(plan="starter", representatives=1), called="outlet"),
        Page(3, 11, "18:20", CancelPackage(package_id="outlet", effective=_NOW)),
        Page(3, 19, "09:00", ReactivatePackage(package_id="outlet")),
        Page(3, 25, "15:10", ChangePackage(package_id="website", representatives=10)),
        Page(2, 6, "11:40", AddAddOn(plan="ticket_system")),
        # Second thoughts: the pending end is undone before it comes.
        Page(2, 14, "10:05", CancelPackage(package_id="website")),
        Page(2, 16, "09:30", ReactivatePackage(package_id="website")),
        Page(2, 20, "12:00", ChangePackage(package_id="outlet", representatives=2)),
        Page(1, 3, "10:10", AddAddOn(plan="telegram_integration")),
        Page(1, 9, "16:55", RemoveAddOn(plan="telegram_integration", effective=_NOW)),
        Page(1, 21, "09:05", ChangePackage(package_id="website", representatives=12)),
        Page(0, 1, "10:00", ChangePackage(package_id="outlet", plan="team", representatives=3, effective=_AT_RENEWAL)),
        Page(0, 2, "09:15", AddAddOn(plan="telegram_integration")),
        Page(0, 5, "11:25", ChangePackage(package_id="website", representatives=14)),
        Page(0, 9, "13:30", RemoveAddOn(plan="visitor_chat_start", effective=_NOW)),
        Page(0, 16, "10:50", AddAddOn(plan="task_management")),
    ),
)

TRAVEL_AGENCY: Final = Diary(
    "English account",
    "harbourlight",
    OpenAccount(name="Harbourlight Travel Ltd", currency="USD", time_zone="Europe/London", anchor_day=1, locale="en-GB"),
    (
        Page(6, 11, "09:10", SetTaxIdentity(country="GB", kind=CustomerKind.BUSINESS, tax_id="GB980780684")),
        # A yearly package bought in mid-period: its first term is counted from that period on.
        Page(6, 11, "09:30", AddPackage(plan="team", representatives=4, interval=Interval.YEAR), called="bookings"),
        Page(6, 11, "09:40", AddAddOn(plan="mail_integration", interval=Interval.YEAR)),
        Page(5, 7, "15:00", ChangePackage(package_id="bookings", representatives=6)),
        Page(5, 19, "10:20", AddAddOn(plan="webhook_integration")),
        # The season: a package of its own for two months, which ends at its renewal.
        Page(4, 3, "09:00", AddPackage(plan="starter", representatives=3), called="season"),
        Page(4, 3, "11:30", AddAddOn(plan="ai_assistant")),
        Page(4, 16, "14:45", ChangePackage(package_id="bookings", plan="business", representatives=10)),
        Page(3, 8, "09:15", ChangePackage(package_id="bookings", representatives=12)),
        Page(3, 8, "09:25", ChangePackage(package_id="bookings", representatives=15)),
        Page(3, 8, "17:50", ChangePackage(package_id="bookings", representatives=12, effective=_NOW)),
        Page(3, 12, "16:00", CancelPackage(package_id="season")),
        Page(2, 2, "10:00", ChangePackage(package_id="bookings", representatives=10, effective=_NOW)),
        Page(2, 10, "12:10", RemoveAddOn(plan="ai_assistant")),
        Page(2, 23, "09:35", AddAddOn(plan="team_chat_integration")),
        Page(1, 6, "11:05", ReactivatePackage(package_id="season")),
        Page(1, 15, "17:20", CancelPackage(package_id="season", effective=_NOW)),
        Page(1, 18, "10:40", AddAddOn(plan="ai_assistant")),
        Page(0, 1, "11:00", RemoveAddOn(plan="webhook_integration")),
        Page(0, 3, "09:50", ChangePackage(package_id="bookings", representatives=11)),
        Page(0, 7, "14:15", AddAddOn(plan="ticket_system")),
        Page(0, 12, "10:30", ChangePackage(package_id="bookings", representatives=13)),
    ),
)

BICYCLE_MAKER: Final = Diary(
    "Euro account",
    "lindenhof",
    OpenAccount(name="Lindenhof Fahrräder GmbH", currency="EUR", time_zone="Europe/Berlin", anchor_day=15, locale="de-DE"),
    (
        Page(6, 1, "09:45", SetTaxIdentity(country="DE", kind=CustomerKind.BUSINESS, tax_id="DE136695976")),
        Page(6, 1, "10:00", AddPackage(plan="starter", representatives=2), called="shop"),
        Page(6, 9, "11:20", ChangePackage(package_id="shop", plan="team", representatives=4)),
        Page(6, 16, "09:10", AddAddOn(plan="visitor_chat_start")),
        Page(5, 2, "15:30", ChangePackage(package_id="shop", representatives=6)),
        Page(5, 13, "10:45", AddAddOn(plan="task_management")),
        # Works holidays: closed for twelve days, and none of them is billed.
        Page(4, 8, "18:00", CancelPackage(package_id="shop", effective=_NOW)),
        Page(4, 8, "18:05", RemoveAddOn(plan="task_management", effective=_NOW)),
        Page(4, 20, "08:50", ReactivatePackage(package_id="shop")),
        Page(4, 21, "09:00", AddAddOn(plan="task_management")),
        # The new model: business for one month, agreed beforehand to end with it.
        Page(3, 4, "09:25", ChangePackage(package_id="shop", plan="business", representatives=12)),
        Page(3, 6, "13:40", AddAddOn(plan="ai_assistant")),
        Page(3, 22, "11:55", ChangePackage(package_id="shop", plan="team", representatives=8)),
        Page(2, 5, "10:15", AddPackage(plan="starter", representatives=1), called="repairs"),
        # Cancelled and brought back within a day: as if nothing had happened.
        Page(2, 12, "10:00", CancelPackage(package_id="repairs", effective=_NOW)),
        Page(2, 12, "10:25", ReactivatePackage(package_id="repairs")),
        Page(2, 17, "16:30", RemoveAddOn(plan="visitor_chat_start")),
        Page(1, 3, "09:40", ChangePackage(package_id="repairs", representatives=3)),
        Page(1, 11, "14:00", AddAddOn(plan="mail_integration")),
        Page(1, 19, "10:30", ChangePackage(package_id="repairs", representatives=2)),
        Page(0, 1, "11:10", ChangePackage(package_id="shop", representatives=7)),
        Page(0, 3, "09:20", ChangePackage(package_id="shop", representatives=9)),
        Page(0, 6, "15:45", AddAddOn(plan="telegram_integration")),
        Page(0, 10, "10:05", RemoveAddOn(plan="telegram_integration", effective=_NOW)),
    ),
)

DIARIES: Final = (BOOKSHOP, TRAVEL_AGENCY, BICYCLE_MAKER)
