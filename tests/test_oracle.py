"""The oracle against figures worked out by hand; the arithmetic stands beside each."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from tests.oracle import Event, Part, Price, bill, day_of, first_instant, period_of, total

LONG_AGO = date(2000, 1, 1)
MUCH_LATER = datetime(2100, 1, 1, tzinfo=UTC)
ISTANBUL = "Europe/Istanbul"  # three hours ahead of UTC, all year
MARCH = date(2026, 3, 1)
APRIL = date(2026, 4, 1)
THE_MARCH = (MARCH, APRIL)


def costs(plan: str, base: str, included: int = 5, extra: str = "0", interval: str = "MONTH", since: date = LONG_AGO) -> Price:
    return Price(plan, interval, since, Decimal(base), included, Decimal(extra))


def happens(
    when: str,
    plan: str | None = None,
    quantity: int | None = None,
    interval: str | None = None,
    ends: bool = False,
    seq: int = 1,
    item: str = "it",
) -> Event:
    """An event on a date ("2026-03-10") or at an instant ("2026-03-10T09:00+03:00")."""
    if "T" in when:
        return Event(item, seq, datetime.fromisoformat(when), None, ends, plan, quantity, interval)
    return Event(item, seq, None, date.fromisoformat(when), ends, plan, quantity, interval)


def owed(
    events: list[Event],
    prices: list[Price],
    day: date = MARCH,
    *,
    zone: str = ISTANBUL,
    anchor: int = 1,
    exponent: int = 2,
    at: datetime = MUCH_LATER,
) -> list[Part]:
    return bill(events, prices, zone=zone, anchor=anchor, exponent=exponent, period=period_of(day, anchor), at=at)


def base(unit_price: str, days: int, amount: int, term: tuple[date, date] = THE_MARCH, item: str = "it") -> Part:
    return Part(item, "base", Decimal(unit_price), term, days, amount)


def representatives(unit_price: str, days: int, amount: int, term: tuple[date, date] = THE_MARCH) -> Part:
    return Part("it", "representatives", Decimal(unit_price), term, days, amount)


PRO = costs("PRO", "249", included=5, extra="49")
BASIC = costs("BASIC", "399", included=20)
TEN_A_DAY = costs("TEN", "310")  # in a month of 31 days
SINCE_JANUARY = happens("2026-01-01", "PRO", 5, "MONTH")


class TestWhichDaysAreBilled:
    def test_a_full_month_costs_the_price(self) -> None:
        assert owed([SINCE_JANUARY], [PRO]) == [base("249", 31, 24900)]

    def test_a_part_of_a_month_costs_its_share_of_days(self) -> None:
        bought = happens("2026-03-17T12:00+03:00", "PLUS", 1, "MONTH")
        # 17 to 31 March are 15 days: 1999 × 15/31 = 29985/31 = 967.26
        assert owed([bought], [costs("PLUS", "19.99")]) == [base("19.99", 15, 967)]

    def test_a_day_that_saw_two_packages_is_billed_once_at_the_dearer(self) -> None:
        events = [
            SINCE_JANUARY,
            happens("2026-03-10T09:00+03:00", "BASIC", 20),
            happens("2026-03-10T17:00+03:00", "PRO", 5),
        ]
        # Pro 30 days: 24900 × 30/31 = 747000/31 = 24096.77; Basic one day: 39900/31 = 1287.10
        assert owed(events, [PRO, BASIC]) == [base("249", 30, 24097), base("399", 1, 1287)]
        assert total(owed(events, [PRO, BASIC])) == 25384

    def test_an_upgrade_in_the_morning_undone_at_night_is_billed_as_the_upgrade(self) -> None:
        events = [SINCE_JANUARY, happens("2026-03-10T08:00+03:00", quantity=8), happens("2026-03-10T23:00+03:00", quantity=5)]
        # three more for a day: 4900 × 3/31 = 14700/31 = 474.19
        assert owed(events, [PRO]) == [base("249", 31, 24900), representatives("49", 3, 474)]

    def test_bought_half_a_minute_before_midnight_owes_one_day(self) -> None:
        bought = happens("2026-03-31T23:59:30+03:00", "PRO", 5, "MONTH")
        # 24900/31 = 803.23
        assert owed([bought], [PRO]) == [base("249", 1, 803)]

    def test_cancelling_and_reactivating_within_a_day_changes_nothing(self) -> None:
        events = [SINCE_JANUARY, happens("2026-03-10T10:00+03:00", ends=True), happens("2026-03-10T15:00+03:00")]
        assert owed(events, [PRO]) == [base("249", 31, 24900)]

    def test_toggling_a_hundred_times_a_day_is_one_day(self) -> None:
        noon = datetime.fromisoformat("2026-03-10T12:00+03:00")
        toggles = [
            Event("it", n, noon + timedelta(minutes=n), None, n % 2 == 1, None if n else "PRO", None if n else 5, None if n else "MONTH")
            for n in range(200)
        ]
        # 24900/31 = 803.23
        assert owed(toggles, [PRO]) == [base("249", 1, 803)]

    def test_a_cancelled_package_owes_nothing_from_the_next_day_on(self) -> None:
        cancelled = happens("2026-03-10T12:00+03:00", ends=True)
        # 1 to 10 March: 24900 × 10/31 = 249000/31 = 8032.26
        assert owed([SINCE_JANUARY, cancelled], [PRO]) == [base("249", 10, 8032)]
        assert owed([SINCE_JANUARY, cancelled], [PRO], APRIL) == []

    @pytest.mark.parametrize(
        ("when", "days", "amount"),
        [
            ("2026-03-11T00:00:00+03:00", 10, 8032),  # 24900 × 10/31 = 8032.26
            ("2026-03-11", 10, 8032),
            ("2026-03-11T00:00:01+03:00", 11, 8835),  # 24900 × 11/31 = 273900/31 = 8835.48
        ],
    )
    def test_an_end_at_local_midnight_does_not_touch_the_new_day(self, when: str, days: int, amount: int) -> None:
        assert owed([SINCE_JANUARY, happens(when, ends=True)], [PRO]) == [base("249", days, amount)]

    def test_a_tie_goes_to_the_later_state(self) -> None:
        flat, split = costs("FLAT", "310", included=5), costs("SPLIT", "200", included=4, extra="110")
        events = [happens("2026-01-01", "FLAT", 5, "MONTH"), happens("2026-03-10T12:00+03:00", "SPLIT")]
        # FLAT 9 days: 31000 × 9/31 = 9000; SPLIT 22 days: 20000 × 22/31 = 14193.55, 11000 × 22/31 = 7806.45
        assert owed(events, [flat, split]) == [
            base("200", 22, 14194),
            base("310", 9, 9000),
            representatives("110", 22, 7806),
        ]
        back = happens("2026-03-10T18:00+03:00", "FLAT")
        assert owed([*events, back], [flat, split]) == [base("310", 31, 31000)]

    def test_the_dearest_is_found_by_the_exact_fraction(self) -> None:
        events = [
            happens("2026-03-10T09:00+03:00", "A", 1, "MONTH"),
            happens("2026-03-10T10:00+03:00", "B"),
            happens("2026-03-11", ends=True),
        ]
        # 1000.00001/31 = 32.26
        assert owed(events, [costs("A", "10.0000001"), costs("B", "10")]) == [base("10.0000001", 1, 32)]

    def test_two_items_bill_the_same_day_each(self) -> None:
        events = [
            happens("2026-03-10T09:00+03:00", "TEN", 1, "MONTH", item="b"),
            happens("2026-03-10T10:00+03:00", ends=True, item="b"),
            happens("2026-03-10T11:00+03:00", "TEN", 1, "MONTH", item="a"),
            happens("2026-03-10T12:00+03:00", ends=True, item="a"),
        ]
        # 31000/31 = 1000 each
        assert owed(events, [TEN_A_DAY]) == [base("310", 1, 1000, item="a"), base("310", 1, 1000, item="b")]

    def test_items_do_not_see_each_other(self) -> None:
        events = [
            happens("2026-03-01", "TEN", 1, "MONTH", item="a"),
            happens("2026-03-01", "PRO", 5, "MONTH", item="b"),
            happens("2026-03-11", ends=True, item="a"),
        ]
        # 31000 × 10/31 = 10000; the other in full
        assert owed(events, [TEN_A_DAY, PRO]) == [base("310", 10, 10000, item="a"), base("249", 31, 24900, item="b")]

    def test_a_state_that_lasted_no_time_was_never_seen_but_is_handed_on_from(self) -> None:
        noon = "2026-03-10T12:00+03:00"
        events = [SINCE_JANUARY, happens(noon, "PRO", seq=3), happens(noon, "BASIC", 20, seq=2)]
        # Pro×20 from 10 March on: 15 more for 22 days are 330: 4900 × 330/31 = 1617000/31 = 52161.29
        assert owed(events, [PRO, BASIC]) == [base("249", 31, 24900), representatives("49", 330, 52161)]

    def test_the_order_in_which_events_are_told_and_events_that_change_nothing_do_not_matter(self) -> None:
        events = [happens("2026-03-20T12:00+03:00"), happens("2026-03-05", "PRO", 5, "MONTH"), SINCE_JANUARY]
        assert owed(events, [PRO]) == [base("249", 31, 24900)]


class TestParts:
    def test_representatives_beyond_the_included_are_a_part_of_their_own(self) -> None:
        # 3 × 31 = 93 quantity-days: 4900 × 93/31 = 14700
        assert owed([happens("2026-01-01", "PRO", 8, "MONTH")], [PRO]) == [base("249", 31, 24900), representatives("49", 93, 14700)]

    def test_fewer_representatives_than_included_make_nothing_cheaper(self) -> None:
        assert owed([happens("2026-01-01", "PRO", 3, "MONTH")], [PRO]) == [base("249", 31, 24900)]

    def test_a_part_without_price_is_left_out(self) -> None:
        free = [costs("FREE", "0", included=2, extra="3.10")]
        assert owed([happens("2026-01-01", "FREE", 2, "MONTH")], free) == []
        # 1 × 31 quantity-days: 310 × 31/31
        assert owed([happens("2026-01-01", "FREE", 3, "MONTH")], free) == [representatives("3.10", 31, 310)]

    def test_plans_of_one_unit_price_share_a_key(self) -> None:
        events = [happens("2026-03-01", "A", 1, "MONTH"), happens("2026-03-16T12:00+03:00", "B")]
        # 15 + 16 days of one key: 10000 × 31/31
        assert owed(events, [costs("A", "100"), costs("B", "100.00")]) == [base("100", 31, 10000)]

    def test_a_unit_price_below_the_minor_unit_is_kept_exact(self) -> None:
        # 5000 more at 0.2 cents for a full month: 0.2 × 5000 = 1000; quantity-days 5000 × 31
        many = [costs("MANY", "0", included=0, extra="0.002")]
        assert owed([happens("2026-01-01", "MANY", 5000, "MONTH")], many) == [representatives("0.002", 155000, 1000)]


class TestRounding:
    @pytest.mark.parametrize(
        ("exponent", "unit_price", "amount"),
        [
            (0, "1000", 323),  # JPY: 1000 × 10/31 = 322.58
            (3, "10", 3226),  # KWD: 10000 × 10/31 = 3225.81
        ],
    )
    def test_amounts_are_minor_units_of_the_currency(self, exponent: int, unit_price: str, amount: int) -> None:
        events = [happens("2026-03-22", "P", 1, "MONTH")]
        assert owed(events, [costs("P", unit_price)], exponent=exponent) == [base(unit_price, 10, amount)]

    @pytest.mark.parametrize(
        ("unit_price", "amount"),
        [
            ("0.01", 1),  # 1 × 15/30 = 0.5
            ("0.05", 3),  # 5 × 15/30 = 2.5
            ("-0.01", -1),  # -0.5
            ("-0.05", -3),  # -2.5
        ],
    )
    def test_a_half_goes_away_from_zero(self, unit_price: str, amount: int) -> None:
        april = (APRIL, date(2026, 5, 1))
        assert owed([happens("2026-04-16", "P", 1, "MONTH")], [costs("P", unit_price)], APRIL) == [base(unit_price, 15, amount, april)]

    def test_bills_of_a_term_are_rounded_cumulatively(self) -> None:
        yearly = [costs("P", "1", interval="YEAR")]
        bought = [happens("2026-03-15T12:00+03:00", "P", 1, "YEAR")]
        term = (MARCH, date(2027, 3, 1))
        # of 365 days: 17 → 4.66; 47 → 12.88; 78 → 21.37; 108 → 29.59. So 5, 13-5, 21-13, 30-21 (June by itself: 8.22)
        months = [MARCH, APRIL, date(2026, 5, 1), date(2026, 6, 1)]
        assert [owed(bought, yearly, month) for month in months] == [
            [base("1", 17, 5, term)],
            [base("1", 30, 8, term)],
            [base("1", 31, 8, term)],
            [base("1", 30, 9, term)],
        ]

    def test_twelve_bills_add_up_to_the_price_of_the_year(self) -> None:
        yearly = [costs("P", "100.01", interval="YEAR")]
        bought = [happens("2026-01-31", "P", 1, "YEAR")]
        starts = [period_of(date(2026, 1, 31), 31)[0]]
        while len(starts) < 12:
            starts.append(period_of(starts[-1], 31)[1])
        assert starts[-1] == date(2026, 12, 31)
        assert sum(total(owed(bought, yearly, start, anchor=31)) for start in starts) == 10001


class TestPeriods:
    @pytest.mark.parametrize(
        ("day", "anchor", "start", "end"),
        [
            ("2026-01-30", 31, "2025-12-31", "2026-01-31"),
            ("2026-01-31", 31, "2026-01-31", "2026-02-28"),
            ("2026-02-27", 31, "2026-01-31", "2026-02-28"),
            ("2026-02-28", 31, "2026-02-28", "2026-03-31"),  # back on the 31st: counted from the anchor, not chained
            ("2026-04-30", 31, "2026-04-30", "2026-05-31"),
            ("2024-02-29", 31, "2024-02-29", "2024-03-31"),
            ("2024-02-28", 29, "2024-01-29", "2024-02-29"),
            ("2025-02-28", 29, "2025-02-28", "2025-03-29"),
            ("2026-01-14", 15, "2025-12-15", "2026-01-15"),
            ("2026-12-31", 1, "2026-12-01", "2027-01-01"),
        ],
    )
    def test_a_period_is_counted_from_the_anchor(self, day: str, anchor: int, start: str, end: str) -> None:
        assert period_of(date.fromisoformat(day), anchor) == (date.fromisoformat(start), date.fromisoformat(end))

    def test_anchor_31_bills_the_short_month_and_the_next_by_their_own_lengths(self) -> None:
        bought = [happens("2026-02-10T12:00+03:00", "TEN", 1, "MONTH")]
        short, long = (date(2026, 1, 31), date(2026, 2, 28)), (date(2026, 2, 28), date(2026, 3, 31))
        # 10 to 27 February are 18 of 28 days: 31000 × 18/28 = 558000/28 = 19928.57; then 31 of 31
        assert owed(bought, [TEN_A_DAY], short[0], anchor=31) == [base("310", 18, 19929, short)]
        assert owed(bought, [TEN_A_DAY], long[0], anchor=31) == [base("310", 31, 31000, long)]

    @pytest.mark.parametrize(
        ("year", "days", "amount"),
        [
            (2024, 10, 10000),  # 20 to 29 February: 29000 × 10/29
            (2026, 9, 9321),  # 20 to 28 February: 29000 × 9/28 = 261000/28 = 9321.43
        ],
    )
    def test_a_leap_year_has_its_day(self, year: int, days: int, amount: int) -> None:
        february = (date(year, 2, 1), date(year, 3, 1))
        assert owed([happens(f"{year}-02-20", "P", 1, "MONTH")], [costs("P", "290")], february[0]) == [base("290", days, amount, february)]

    def test_a_leap_year_has_366_days_to_share_a_yearly_price(self) -> None:
        events = [happens("2024-01-01", "P", 1, "YEAR")]
        # 36600/366 = 100 a day, 29 days
        expected = [base("366", 29, 2900, (date(2024, 1, 1), date(2025, 1, 1)))]
        assert owed(events, [costs("P", "366", interval="YEAR")], date(2024, 2, 1)) == expected


class TestTerms:
    # 2026: January to March have 90 days, April to June 91, May to July 92
    QUARTERLY = (costs("P", "90", interval="QUARTER"), costs("P", "180", interval="QUARTER", since=date(2026, 2, 1)))
    BOUGHT = happens("2026-01-01", "P", 1, "QUARTER")
    FIRST = (date(2026, 1, 1), APRIL)
    SECOND = (APRIL, date(2026, 7, 1))
    MAY = date(2026, 5, 1)

    def test_a_yearly_package_started_in_mid_period_has_its_term_begin_with_that_period(self) -> None:
        bought = [happens("2026-03-15T12:00+03:00", "P", 1, "YEAR")]
        yearly = [costs("P", "3650", interval="YEAR")]
        term, next_term = (MARCH, date(2027, 3, 1)), (date(2027, 3, 1), date(2028, 3, 1))
        # 365000/365 = 1000 a day: 17 days, 28 days; the next term holds 29 February 2028: 365000 × 31/366 = 30915.30
        assert owed(bought, yearly) == [base("3650", 17, 17000, term)]
        assert owed(bought, yearly, date(2027, 2, 1)) == [base("3650", 28, 28000, term)]
        assert owed(bought, yearly, date(2027, 3, 1)) == [base("3650", 31, 30915, next_term)]

    def test_returning_inside_the_term_keeps_term_and_price(self) -> None:
        events = [self.BOUGHT, happens("2026-01-20T12:00+03:00", ends=True), happens("2026-03-10T12:00+03:00")]
        # 10 to 31 March are 22 days at 9000/90 = 100
        assert owed(events, list(self.QUARTERLY)) == [base("90", 22, 2200, self.FIRST)]
        # renewed at the price of 1 April: 18000 × 30/91 = 5934.07
        assert owed(events, list(self.QUARTERLY), APRIL) == [base("180", 30, 5934, self.SECOND)]

    @pytest.mark.parametrize("end", ["2026-01-20T12:00+03:00", "2026-04-01T00:00+03:00"])
    def test_returning_after_the_term_starts_a_new_one_with_the_present_period(self, end: str) -> None:
        events = [self.BOUGHT, happens(end, ends=True), happens("2026-05-10T12:00+03:00")]
        # 10 to 31 May are 22 of 92 days: 18000 × 22/92 = 396000/92 = 4304.35
        assert owed(events, list(self.QUARTERLY), self.MAY) == [base("180", 22, 4304, (self.MAY, date(2026, 8, 1)))]

    def test_ended_a_second_into_the_renewed_term_it_is_that_one_that_is_kept(self) -> None:
        events = [self.BOUGHT, happens("2026-04-01T00:00:01+03:00", ends=True), happens("2026-05-10T12:00+03:00")]
        # one day in April: 18000/91 = 197.80; 23 days until June: 18000 × 23/91 = 4549.45; 4549 - 198
        assert owed(events, list(self.QUARTERLY), APRIL) == [base("180", 1, 198, self.SECOND)]
        assert owed(events, list(self.QUARTERLY), self.MAY) == [base("180", 22, 4351, self.SECOND)]

    def test_a_return_to_an_interval_within_the_period_finds_the_term_it_left(self) -> None:
        prices = [costs("P", "365", interval="YEAR"), costs("P", "62", interval="MONTH")]
        events = [
            happens("2026-01-01", "P", 1, "YEAR"),
            happens("2026-03-15T12:00+03:00", interval="MONTH"),
            happens("2026-03-20T12:00+03:00", interval="YEAR"),
        ]
        # 1 to 14 at 1.00 a day; 15 to 20 at 62/31 = 2.00, the dearer on both days of change; 21 to 31 at 1.00 of the same year
        assert owed(events, prices) == [
            base("62", 6, 1200),
            base("365", 25, 2500, (date(2026, 1, 1), date(2027, 1, 1))),
        ]

    def test_a_change_of_interval_counts_anew_from_its_period(self) -> None:
        prices = [costs("P", "365", interval="YEAR"), costs("P", "62", interval="MONTH")]
        events = [
            happens("2026-01-01", "P", 1, "YEAR"),
            happens("2026-02-15T12:00+03:00", interval="MONTH"),
            happens("2026-03-20T12:00+03:00", interval="YEAR"),
        ]
        # 1 to 20 at 62/31 = 2.00; 21 to 31 at 1.00 of a new year
        assert owed(events, prices) == [
            base("62", 20, 4000),
            base("365", 11, 1100, (MARCH, date(2027, 3, 1))),
        ]

    def test_an_interval_that_lasted_no_time_counts_nothing_anew(self) -> None:
        prices = [costs("P", "365", interval="YEAR"), costs("P", "62", interval="MONTH")]
        noon = "2026-03-15T12:00+03:00"
        events = [
            happens("2026-01-01", "P", 1, "YEAR"),
            happens(noon, interval="MONTH", seq=1),
            happens(noon, interval="YEAR", seq=2),
        ]
        assert owed(events, prices) == [base("365", 31, 3100, (date(2026, 1, 1), date(2027, 1, 1)))]

    def test_changing_plan_or_seats_keeps_the_term(self) -> None:
        prices = [costs("P", "365", interval="YEAR"), costs("Q", "730", included=1, extra="365", interval="YEAR")]
        events = [happens("2026-01-01", "P", 1, "YEAR"), happens("2026-03-15T12:00+03:00", "Q", 3)]
        term = (date(2026, 1, 1), date(2027, 1, 1))
        # 14 days at 1.00; 17 at 2.00; 2 more for 17 days at 1.00
        assert owed(events, prices) == [base("365", 14, 1400, term), base("730", 17, 3400, term), representatives("365", 34, 3400, term)]


class TestUnitPrice:
    # The price doubles on 10 March.
    PRICES = (costs("P", "310"), costs("P", "620", since=date(2026, 3, 10)), costs("Q", "31"))

    def test_a_new_price_applies_from_the_next_term(self) -> None:
        events = [happens("2026-01-01", "P", 1, "MONTH")]
        assert owed(events, list(self.PRICES)) == [base("310", 31, 31000)]
        assert owed(events, list(self.PRICES), APRIL) == [base("620", 30, 62000, (APRIL, date(2026, 5, 1)))]

    @pytest.mark.parametrize(
        "before",
        [
            [happens("2026-01-01", "Q", 1, "MONTH")],  # from another plan
            [happens("2026-01-01", "P", 1, "MONTH"), happens("2026-03-01", ends=True)],  # back after its term
        ],
    )
    def test_an_entry_within_the_term_finds_the_price_of_that_day(self, before: list[Event]) -> None:
        entered = happens("2026-03-10T00:30+03:00", "P")
        # 10 to 31 March: 22 × 20.00
        assert base("620", 22, 44000) in owed([*before, entered], list(self.PRICES))

    def test_returning_to_a_plan_within_the_term_finds_the_same_price(self) -> None:
        events = [happens("2026-03-09", "P", 1, "MONTH"), happens("2026-03-10", "Q"), happens("2026-03-20", "P")]
        # P on the 9th and from the 20th on: 13 × 10.00; Q from the 10th to the 19th: 10 × 1.00
        assert owed(events, list(self.PRICES)) == [base("31", 10, 1000), base("310", 13, 13000)]

    def test_an_entry_that_lasted_no_time_holds_no_price(self) -> None:
        events = [
            happens("2026-03-09", "P", 1, "MONTH", seq=1),
            happens("2026-03-09", "Q", seq=2),
            happens("2026-03-20", "P"),
        ]
        # Q from the 9th to the 19th: 11 × 1.00; P from the 20th on: 12 × 20.00
        assert owed(events, list(self.PRICES)) == [base("31", 11, 1100), base("620", 12, 24000)]

    def test_a_plan_kept_through_a_change_of_interval_is_entered_anew(self) -> None:
        prices = [costs("P", "31"), costs("P", "365", interval="YEAR"), costs("P", "730", interval="YEAR", since=date(2026, 3, 10))]
        events = [happens("2026-01-01", "P", 1, "MONTH"), happens("2026-03-15", interval="YEAR")]
        # 14 days at 1.00, then 17 days at 2.00: the yearly price of the day the yearly term was chosen, 15 March
        assert owed(events, prices) == [base("31", 14, 1400), base("730", 17, 3400, (MARCH, date(2027, 3, 1)))]


class TestDays:
    def test_an_instant_belongs_to_the_day_of_the_account_not_of_utc(self) -> None:
        # half past midnight of the 10th in Istanbul: 22 days of 10.00
        assert owed([happens("2026-03-09T21:30+00:00", "TEN", 1, "MONTH")], [TEN_A_DAY]) == [base("310", 22, 22000)]

    @pytest.mark.parametrize(
        ("events", "days"),
        [
            ([happens("2026-03-29T23:30+02:00", "TEN", 1, "MONTH")], 3),
            ([happens("2026-01-01", "TEN", 1, "MONTH"), happens("2026-03-29T23:30+02:00", ends=True)], 29),
            ([happens("2026-01-01", "TEN", 1, "MONTH"), happens("2026-03-30T00:00+02:00", ends=True)], 29),
        ],
    )
    def test_a_day_of_23_hours_is_a_day(self, events: list[Event], days: int) -> None:
        assert owed(events, [TEN_A_DAY], zone="Europe/Berlin") == [base("310", days, days * 1000)]

    def test_a_day_of_25_hours_is_one_day(self) -> None:
        events = [happens("2026-10-25T00:00+02:00", "TEN", 1, "MONTH"), happens("2026-10-25T23:59+01:00", ends=True)]
        october = (date(2026, 10, 1), date(2026, 11, 1))
        assert owed(events, [TEN_A_DAY], october[0], zone="Europe/Berlin") == [base("310", 1, 1000, october)]

    @pytest.mark.parametrize(("end", "days"), [("2018-11-04", 3), ("2018-11-04T03:00:00+00:00", 3), ("2018-11-04T03:00:01+00:00", 4)])
    def test_a_day_without_midnight_begins_at_one_o_clock(self, end: str, days: int) -> None:
        # Clocks leapt from midnight to 01:00 (-02:00), which is 03:00 UTC. November: 300/30 = 10.00 a day
        events = [happens("2018-10-01", "P", 1, "MONTH"), happens(end, ends=True)]
        november = (date(2018, 11, 1), date(2018, 12, 1))
        assert first_instant(date(2018, 11, 4), "America/Sao_Paulo") == datetime(2018, 11, 4, 3, tzinfo=UTC)
        assert owed(events, [costs("P", "300")], november[0], zone="America/Sao_Paulo") == [base("300", days, days * 1000, november)]

    def test_a_day_that_begins_before_its_midnight_would(self) -> None:
        # Toronto leapt from 23:30 of 30 March 1919 (-05:00) to 00:30: the 31st begins at 04:30 UTC
        assert first_instant(date(1919, 3, 31), "America/Toronto") == datetime(1919, 3, 31, 4, 30, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("events", "days"),
        [
            ([happens("2011-12-01", "P", 1, "MONTH")], 30),
            ([happens("2011-12-31", "P", 1, "MONTH")], 1),
            ([happens("2011-12-30", "P", 1, "MONTH")], 1),
            ([happens("2011-12-01", "P", 1, "MONTH"), happens("2011-12-30", ends=True)], 29),
            ([happens("2011-12-01", "P", 1, "MONTH"), happens("2011-12-31", ends=True)], 29),
        ],
    )
    def test_a_date_that_the_zone_left_out_is_no_day(self, events: list[Event], days: int) -> None:
        # Samoa went from 29 to 31 December, so that month had 30 days: 300/30 = 10.00 a day
        december = (date(2011, 12, 1), date(2012, 1, 1))
        assert owed(events, [costs("P", "300")], december[0], zone="Pacific/Apia") == [base("300", days, days * 1000, december)]

    def test_a_term_that_starts_on_a_date_left_out_finds_the_price_of_that_date(self) -> None:
        prices = [costs("P", "300"), costs("P", "600", since=date(2011, 12, 31))]
        term = (date(2011, 12, 30), date(2012, 1, 30))
        # 31 December to 29 January: all 30 days
        expected = [base("300", 30, 30000, term)]
        assert owed([happens("2011-12-01", "P", 1, "MONTH")], prices, term[0], zone="Pacific/Apia", anchor=30) == expected

    def test_an_evening_that_comes_twice_is_the_second_time_part_of_the_day_that_has_begun(self) -> None:
        # St John's went back from 00:01 of 4 November 2007 (02:31 UTC) to 23:01 of the 3rd
        assert first_instant(date(2007, 11, 4), "America/St_Johns") == datetime(2007, 11, 4, 2, 30, tzinfo=UTC)
        assert day_of(datetime(2007, 11, 4, 2, 29, tzinfo=UTC), "America/St_Johns") == date(2007, 11, 3)
        assert day_of(datetime(2007, 11, 4, 2, 45, tzinfo=UTC), "America/St_Johns") == date(2007, 11, 4)


class TestSoFar:
    EVENTS = (happens("2026-01-01", "TEN", 1, "MONTH"), happens("2026-03-10T12:00+03:00", "DEAR"))
    PRICES = (TEN_A_DAY, costs("DEAR", "620"))  # 20.00 a day

    @pytest.mark.parametrize(
        ("at", "expected"),
        [
            ("2026-02-28T23:59:59+03:00", []),
            ("2026-03-01T00:00+03:00", [base("310", 1, 1000)]),
            ("2026-03-10T11:59:59+03:00", [base("310", 10, 10000)]),
            ("2026-03-10T12:00+03:00", [base("310", 9, 9000), base("620", 1, 2000)]),
            ("2026-03-31T23:59:59+03:00", [base("310", 9, 9000), base("620", 22, 44000)]),
            ("2026-04-01T00:00+03:00", [base("310", 9, 9000), base("620", 22, 44000)]),
        ],
    )
    def test_the_day_of_the_instant_is_the_last_billed_and_later_events_have_not_happened(self, at: str, expected: list[Part]) -> None:
        assert owed(list(self.EVENTS), list(self.PRICES), at=datetime.fromisoformat(at)) == expected

    @pytest.mark.parametrize(("at", "days"), [("2026-03-09T23:59:59+03:00", 0), ("2026-03-10T00:00+03:00", 1)])
    def test_an_event_on_a_date_has_happened_from_its_first_instant_on(self, at: str, days: int) -> None:
        parts = owed([happens("2026-03-10", "TEN", 1, "MONTH")], [TEN_A_DAY], at=datetime.fromisoformat(at))
        assert sum(part.units for part in parts) == days

    def test_what_happens_at_the_periods_end_or_later_does_not_matter_to_it(self) -> None:
        events = [happens("2026-01-01", "TEN", 1, "MONTH"), happens("2026-04-01", "DEAR"), happens("2026-04-02", ends=True)]
        assert owed(events, list(self.PRICES)) == [base("310", 31, 31000)]

    def test_so_far_is_a_share_of_the_term_after_what_earlier_periods_owed(self) -> None:
        events = [happens("2026-03-15T12:00+03:00", "P", 1, "YEAR")]
        at = datetime.fromisoformat("2026-04-10T12:00+03:00")
        # of 365 days at 1.00: 17 → 4.66; 27 → 7.40. So 7 - 5
        assert owed(events, [costs("P", "1", interval="YEAR")], APRIL, at=at) == [base("1", 10, 2, (MARCH, date(2027, 3, 1)))]


class TestWhatIsRefused:
    def test_another_convention(self) -> None:
        with pytest.raises(ValueError, match="knows no LUNAR"):
            bill([], [], zone=ISTANBUL, anchor=1, exponent=2, period=THE_MARCH, at=MUCH_LATER, convention="LUNAR")

    def test_a_period_that_is_not_the_anchors(self) -> None:
        with pytest.raises(ValueError, match="is no billing period of anchor 2"):
            bill([], [], zone=ISTANBUL, anchor=2, exponent=2, period=THE_MARCH, at=MUCH_LATER)

    def test_an_anchor_that_is_no_day_of_a_month(self) -> None:
        with pytest.raises(ValueError, match="anchor 32 is not a day of a month"):
            period_of(MARCH, 32)

    def test_an_event_with_two_times(self) -> None:
        with pytest.raises(ValueError, match="either an instant with a zone or a date"):
            owed([Event("it", 1, MUCH_LATER, MARCH)], [])

    def test_a_first_state_that_is_not_complete(self) -> None:
        with pytest.raises(ValueError, match="it begins without plan, quantity or interval"):
            owed([happens("2026-03-10", "PRO", 5)], [PRO])

    def test_a_state_without_a_price_in_force(self) -> None:
        with pytest.raises(ValueError, match="no MONTH price of PRO is in force on 2026-03-10"):
            owed([happens("2026-03-10", "PRO", 5, "MONTH")], [costs("PRO", "1", since=date(2026, 3, 11))])
