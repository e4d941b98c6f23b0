"""Assessment: who is charged what, at which rate, rounded once per rate."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gateway.billing.assessment import Treatment, assess, percent_text, question, treat
from gateway.billing.bill import Bill, Deduction, Line, TaxLine
from gateway.billing.catalog import Catalog, Rate
from gateway.billing.commands import AddPackage
from gateway.billing.countries import COUNTRIES, EU
from gateway.billing.money import Money
from gateway.billing.tax import TaxIdCheck, TaxIdentity, TaxNote, TaxSource, TaxStatus
from gateway.billing.tax_engine import UNANSWERED, QuotedRate, TaxAnswer, TaxQuestion
from tests.billing.given import account, catalog_of, offer, plan
from tests.billing.taxed import BUSINESS, CONSUMER, VAT, table

LAST = date(2026, 6, 30)
RIGHT, UNCHECKED, NONE = TaxIdCheck.WELL_FORMED, TaxIdCheck.UNCHECKED, TaxIdCheck.NONE
TURK = TaxIdentity(country="TR")


@pytest.mark.parametrize(
    ("seller", "country", "kind", "check", "expected"),
    [
        ("TR", "TR", CONSUMER, NONE, Treatment(TaxStatus.CHARGED, "TR")),
        ("TR", "TR", BUSINESS, RIGHT, Treatment(TaxStatus.CHARGED, "TR")),
        ("TR", "DE", CONSUMER, NONE, Treatment(TaxStatus.EXPORT)),
        ("TR", "DE", BUSINESS, RIGHT, Treatment(TaxStatus.EXPORT)),
        ("DE", "DE", BUSINESS, RIGHT, Treatment(TaxStatus.CHARGED, "DE")),
        ("DE", "FI", BUSINESS, RIGHT, Treatment(TaxStatus.REVERSE_CHARGE)),
        ("DE", "FI", BUSINESS, NONE, Treatment(TaxStatus.CHARGED, "FI")),
        ("DE", "FI", BUSINESS, UNCHECKED, Treatment(TaxStatus.CHARGED, "FI")),
        ("DE", "FI", CONSUMER, RIGHT, Treatment(TaxStatus.CHARGED, "FI")),
        ("DE", "GB", BUSINESS, RIGHT, Treatment(TaxStatus.EXPORT)),
        ("DE", "TR", CONSUMER, NONE, Treatment(TaxStatus.EXPORT)),
    ],
)  # fmt: skip
def test_who_sells_and_who_buys_decide(seller: str, country: str, kind: object, check: TaxIdCheck, expected: Treatment) -> None:
    customer = TaxIdentity(country=country, kind=kind, check=check)  # type: ignore[arg-type]

    assert treat(seller, customer) == expected
    assert treat(seller, replace(customer, exempt="embassy")) == Treatment(TaxStatus.EXEMPT)


def test_countries_are_those_of_the_standard_and_the_union_is_among_them() -> None:
    assert (len(COUNTRIES), len(EU)) == (249, 27)
    assert EU < COUNTRIES


SHOP = replace(
    catalog_of(
        plan("chat", offer("chat", "MONTH 1 TRY")),
        plan("book", replace(offer("book", "MONTH 1 TRY"), tax="books")),
        plan("odd", replace(offer("odd", "MONTH 1 TRY"), tax="no_such")),
    ),
    tax=table(),
)


def line(code: str, minor: int) -> Line:
    """A line that owes so many kuruş."""
    like = account().tell("2026-06-10T09:00", AddPackage(plan="solo")).books.current.expected.lines[0]
    return like._replace(plan=code, before=0, after=1, whole=1, rate=Rate(minor * 10**6, "TRY"))


def taxes(
    lines: list[tuple[str, int]],
    *deductions: tuple[int, ...],
    customer: TaxIdentity | None = TURK,
    catalog: Catalog = SHOP,
    on: date = LAST,
    answer: TaxAnswer | None = None,
) -> tuple[list[tuple[str, int, int, int]], TaxStatus]:
    """Each tax by category, percent in millionths, base and amount; and the status."""
    found, status = told(lines, *deductions, customer=customer, catalog=catalog, on=on, answer=answer)
    return [(each.category, each.percent, each.base.minor, each.amount.minor) for each in found], status


def told(
    lines: list[tuple[str, int]],
    *deductions: tuple[int, ...],
    customer: TaxIdentity | None = TURK,
    catalog: Catalog = SHOP,
    on: date = LAST,
    answer: TaxAnswer | None = None,
) -> tuple[tuple[TaxLine, ...], TaxStatus]:
    off = [Deduction(redemption="r", code=None, names=VAT, amount=Money(sum(shares), "TRY"), shares=shares) for shares in deductions]
    return assess([line(code, minor) for code, minor in lines], off, customer, catalog, on, "TRY", answer)


def test_lines_of_one_category_are_added_up_before_the_tax_is_rounded() -> None:
    # 0.12 × 20 % = 0.024, three times 0.07 if each were rounded up; 0.36 × 20 % = 0.072
    assert taxes([("chat", 12), ("chat", 12), ("chat", 12)])[0] == [("standard", 20_000_000, 36, 7)]


def test_each_rate_has_a_line_of_its_own_in_the_order_of_the_lines() -> None:
    assert taxes([("book", 10_000), ("chat", 20_000), ("book", 5_000)]) == (
        [("books", 1_000_000, 15_000, 150), ("standard", 20_000_000, 20_000, 4_000)],
        TaxStatus.CHARGED,
    )


def test_a_category_without_a_rate_has_the_standard_one_and_is_taxed_together_with_it() -> None:
    assert taxes([("chat", 12), ("odd", 12), ("odd", 12)])[0] == [("standard", 20_000_000, 36, 7)]


def test_discounts_come_off_the_rate_of_the_line_they_belong_to() -> None:
    # 200.00 − 10.00 − 5.00 = 185.00 at 20 %; 100.00 − 30.00 = 70.00 at 1 %
    found, _ = taxes([("chat", 20_000), ("book", 10_000)], (1_000, 3_000), (500, 0))

    assert found == [("standard", 20_000_000, 18_500, 3_700), ("books", 1_000_000, 7_000, 70)]


@pytest.mark.parametrize(("net", "tax"), [(2, 0), (3, 1), (-2, 0), (-3, -1), (0, 0)])
def test_tax_is_rounded_to_the_nearest_unit_also_below_zero(net: int, tax: int) -> None:
    # 20 % of 0.02 is 0.004, and of 0.03 it is 0.006
    assert taxes([("chat", net)])[0] == [("standard", 20_000_000, net, tax)]


@pytest.mark.parametrize(("net", "tax"), [(50, 1), (49, 0), (-50, -1), (-49, 0)])
def test_exactly_half_a_unit_is_rounded_away_from_zero(net: int, tax: int) -> None:
    # 1 % of 0.50 is 0.005
    assert taxes([("book", net)])[0] == [("books", 1_000_000, net, tax)]


def test_the_rate_is_that_of_the_day_and_the_day_before_has_the_old_one() -> None:
    assert taxes([("chat", 100)], on=date(2026, 6, 16))[0] == [("standard", 20_000_000, 100, 20)]
    assert taxes([("chat", 100)], on=date(2026, 6, 15))[0] == [("standard", 18_000_000, 100, 18)]


def test_before_the_vendor_charges_tax_and_without_a_table_nothing_is_charged() -> None:
    later = replace(SHOP, tax=table(from_on=date(2026, 7, 1)))

    assert taxes([("chat", 100)], catalog=later) == ([], TaxStatus.NOT_CHARGED)
    assert taxes([("chat", 100)], catalog=later, on=date(2026, 7, 1))[1] is TaxStatus.CHARGED
    assert taxes([("chat", 100)], catalog=replace(SHOP, tax=None)) == ([], TaxStatus.NOT_CHARGED)


def test_without_an_identity_the_bill_is_net_and_says_so() -> None:
    assert taxes([("chat", 100)], customer=None) == ([], TaxStatus.ADDRESS_NEEDED)


def test_a_country_without_a_rate_is_net_and_says_so() -> None:
    assert taxes([("chat", 100)], customer=TaxIdentity(country="FR"), catalog=replace(SHOP, tax=table("DE"))) == (
        [],
        TaxStatus.RATE_UNKNOWN,
    )


@pytest.mark.parametrize(
    ("customer", "seller", "status", "note", "name"),
    [
        (TaxIdentity(country="DE"), "TR", TaxStatus.EXPORT, TaxNote.EXPORT, "Export of services"),
        (TaxIdentity(country="TR", exempt="embassy"), "TR", TaxStatus.EXEMPT, TaxNote.EXEMPT, "Exempt from tax"),
        (
            TaxIdentity(country="FI", kind=BUSINESS, check=RIGHT),
            "DE",
            TaxStatus.REVERSE_CHARGE,
            TaxNote.REVERSE_CHARGE,
            "Reverse charge: VAT is owed by the recipient",
        ),
    ],
)
def test_where_nothing_is_charged_one_line_says_why(
    customer: TaxIdentity, seller: str, status: TaxStatus, note: TaxNote, name: str
) -> None:
    (only,), found = told([("chat", 100), ("book", 50)], customer=customer, catalog=replace(SHOP, tax=table(seller)))

    assert found is status
    assert (only.percent, only.base.minor, only.amount.minor, only.notes, only.names["en"]) == (0, 150, 0, (note,), name)


def test_a_tax_is_called_by_its_name_and_rate_in_either_language() -> None:
    (kdv,), _ = told([("chat", 100)])
    (vat,), _ = told([("chat", 100)], customer=TaxIdentity(country="FI"), catalog=replace(SHOP, tax=table("DE")))

    assert (kdv.names, kdv.source, kdv.notes) == ({"en": "KDV 20 %", "tr": "KDV %20"}, TaxSource.TABLE, ())
    assert vat.names == {"en": "VAT 25.5 %", "tr": "KDV %25,5"}
    assert [percent_text(each) for each in (0, 20_000_000, 100_000_000, 5, 8_875_000)] == ["0", "20", "100", "0.000005", "8.875"]


# --- what a tax engine says ----------------------------------------------------------------------------------


def answered(*rates: tuple[str, int], country: str = "TR", on: date = LAST, status: TaxStatus = TaxStatus.CHARGED) -> TaxAnswer:
    quoted = tuple(QuotedRate(category=category, percent=percent, names={"en": "GST"}) for category, percent in rates)
    return TaxAnswer(country=country, on=on, status=status, rates=quoted)


def test_the_rates_of_an_engine_go_before_the_table() -> None:
    (only,), status = told([("chat", 1_000)], answer=answered(("standard", 15_000_000)))

    assert status is TaxStatus.CHARGED
    assert (only.amount.minor, only.names, only.source, only.notes) == (150, {"en": "GST 15 %"}, TaxSource.ENGINE, ())


def test_an_engine_may_say_that_nothing_is_charged() -> None:
    (only,), status = told([("chat", 1_000)], answer=answered(("standard", 0), status=TaxStatus.EXPORT))

    assert status is TaxStatus.EXPORT
    assert (only.amount.minor, only.source, only.notes) == (0, TaxSource.ENGINE, (TaxNote.EXPORT,))


@pytest.mark.parametrize(
    "answer",
    [
        UNANSWERED,
        answered(("books", 15_000_000)),
        answered(("standard", 15_000_000), country="DE"),
        answered(("standard", 15_000_000), on=date(2026, 5, 31)),
    ],
    ids=["none", "another category", "another country", "another day"],
)
def test_without_an_answer_that_fits_the_table_decides_and_the_line_says_so(answer: TaxAnswer) -> None:
    (only,), status = told([("chat", 1_000)], answer=answer)

    assert status is TaxStatus.CHARGED
    assert (only.amount.minor, only.source, only.notes) == (200, TaxSource.TABLE, (TaxNote.ENGINE_UNAVAILABLE,))
    (abroad,), _ = told([("chat", 1_000)], answer=UNANSWERED, customer=TaxIdentity(country="DE"))
    assert abroad.notes == (TaxNote.EXPORT, TaxNote.ENGINE_UNAVAILABLE)


def test_an_exemption_goes_before_any_engine() -> None:
    (only,), status = told([("chat", 1_000)], customer=replace(TURK, exempt="embassy"), answer=answered(("standard", 15_000_000)))

    assert (status, only.amount.minor, only.notes) == (TaxStatus.EXEMPT, 0, (TaxNote.EXEMPT,))


def ask(customer: TaxIdentity | None, catalog: Catalog = SHOP, count: int = 2) -> TaxQuestion | None:
    lines = [line("chat", 1_000), line("book", 500)][:count]
    off = Deduction(redemption="r", code=None, names=VAT, amount=Money(100, "TRY"), shares=(100, 0)[:count])
    return question(lines, [off], customer, catalog, LAST, "TRY")


def test_an_engine_is_asked_of_nets_by_category_and_not_told_the_id() -> None:
    assert ask(TaxIdentity(country="DE", kind=BUSINESS, check=RIGHT)) == TaxQuestion(
        seller="TR", country="DE", kind=BUSINESS, check=RIGHT, currency="TRY", on=LAST, nets={"standard": 900, "books": 500}
    )


def test_where_nothing_depends_on_it_no_engine_is_asked() -> None:
    assert ask(None) is None
    assert ask(replace(TURK, exempt="embassy")) is None
    assert ask(TURK, count=0) is None
    assert ask(TURK, replace(SHOP, tax=None)) is None
    assert ask(TURK, replace(SHOP, tax=table(from_on=date(2026, 7, 1)))) is None


def test_a_bill_adds_its_tax_up() -> None:
    lines, (tax, status) = [line("chat", 1_000)], told([("chat", 1_000)])
    period = account().books.period

    bill = Bill(period, "TRY", tuple(lines), taxes=tax, tax_status=status)

    assert (bill.net.minor, bill.tax.minor, bill.gross.minor, bill.due.minor) == (1_000, 200, 1_200, 1_200)
