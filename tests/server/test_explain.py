"""The picture of a month, as it stands on the page."""

import ast
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console, RenderableType

import gateway
from gateway.billing.account import Account
from gateway.billing.books import Books
from gateway.billing.catalog import Catalog, Interval, Kind
from gateway.billing.catalog_file import read_catalog
from gateway.billing.commands import (
    AddAddOn,
    AddPackage,
    CancelPackage,
    ChangeBillingCalendar,
    ChangePackage,
    Command,
    GrantDiscount,
    OpenAccount,
    ReactivatePackage,
    RemoveAddOn,
)
from gateway.billing.dates import Period
from gateway.billing.effective import Effective, When
from gateway.billing.term import Opening
from gateway.billing.texts import TURKISH
from gateway.server.explain import drawing
from gateway.server.month import month

NOW = Effective(when=When.NOW)
SMALL = """
currencies = ["TRY"]
[[package]]
code = "pro"
name = { en = "Pro", tr = "Pro" }
description = { en = "Pro.", tr = "Pro." }
[[package.offer]]
from = 2024-01-01
included = 5
price.month.TRY = { base = "310.00", representative = "31.00" }
price.year.TRY = { base = "3650.00", representative = "365.00" }
[[package]]
code = "basic"
name = { en = "Basic", tr = "Temel" }
description = { en = "Basic.", tr = "Temel." }
[[package.offer]]
from = 2024-01-01
included = 1
price.month.TRY = { base = "155.00", representative = "15.50" }
price.year.TRY = { base = "1825.00", representative = "182.50" }
[[add_on]]
code = "tickets"
name = { en = "Tickets", tr = "Talepler" }
description = { en = "Tickets.", tr = "Talepler." }
[[add_on.offer]]
from = 2024-01-01
price.month.TRY = "62.00"
"""


def at(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def opened(catalog: str = SMALL, anchor: int = 1, name: str = "Deniz Çiçekçilik") -> Books:
    plans = read_catalog(catalog, "catalog.toml").plans
    nobody = Account(id="acc_1", name="", currency="", zone="UTC", anchor=1, locale="en", opened_at=at(5, 1), last_at=at(5, 1))
    blank = Books(nobody, Catalog({plan.code: plan for plan in plans}), at(5, 1), Opening(date(2026, 5, 1)), seed=b"first")
    return OpenAccount(name=name, currency="TRY", time_zone="Europe/Istanbul", anchor_day=anchor)(blank).committed()


def then(books: Books, when: datetime, command: Command) -> Books:
    return command(replace(books, now=when, seed=when.isoformat().encode())).committed()


def busy(anchor: int = 1) -> Books:
    """May 2026 on the 17th: a package that changed twice and will again, a yearly one that ends, an add-on that came and went."""
    books = then(opened(anchor=anchor), at(5, 4), AddPackage(plan="pro", representatives=7))
    books = then(books, at(5, 5), AddPackage(plan="basic", interval=Interval.YEAR))
    books = then(books, at(5, 6), AddAddOn(plan="tickets"))
    books = then(books, at(5, 8), RemoveAddOn(plan="tickets", effective=NOW))
    pro, basic = (package.id for package in books.packages)
    books = then(books, at(5, 12), ChangePackage(package_id=pro, plan="basic", representatives=20, effective=NOW))
    books = then(books, at(5, 14), ChangePackage(package_id=pro, plan="pro", representatives=7, effective=NOW))
    books = then(books, at(5, 15), ChangePackage(package_id=pro, representatives=9, effective=Effective(on=date(2026, 5, 22))))
    books = then(books, at(5, 16), CancelPackage(package_id=basic, effective=Effective(on=date(2026, 5, 26))))
    books = then(books, at(5, 17), AddAddOn(plan="tickets", effective=Effective(on=date(2026, 6, 3))))
    return replace(books, now=at(5, 17, 12))


def printed(picture: RenderableType, width: int) -> str:
    page = StringIO()
    Console(file=page, width=width, no_color=True).print(picture)
    # Rich fills rows with blanks, and CLDR's blanks look like any other.
    text = page.getvalue().replace("\N{NO-BREAK SPACE}", " ").replace("\N{THIN SPACE}", " ")
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


def part(page: str, first: str, last: str) -> str:
    return page[page.index(first) : page.index(last)]


def test_the_running_month_is_drawn_on_eighty_columns() -> None:
    # A month of pro is 10.00 a day and 1.00 for each further representative, basic 5.00 and 0.50, tickets 2.00.
    assert printed(drawing(busy(), width=80), 80) == EIGHTY_COLUMNS


def test_where_there_is_room_a_day_is_two_columns_wide_and_a_difference_stays_on_its_row() -> None:
    assert printed(drawing(busy(), locale="tr-TR", width=100), 100) == HUNDRED_COLUMNS_IN_TURKISH


def test_discounts_stand_under_the_lines_with_their_arithmetic() -> None:
    books = then(opened(), at(5, 4), AddPackage(plan="pro"))
    books = then(books, at(5, 5), GrantDiscount(name="Sorry", percent=Decimal("10")))
    books = then(books, at(5, 6), GrantDiscount(name="Round", amount=Decimal("2.00")))

    page = printed(drawing(books, width=80), 80)

    # 28 days at 10.00 a day; 280.00 × 10% = 28.00
    assert page[page.index("Days") :].splitlines() == [
        "Days        For    Calculation      Amount",
        "May 4 – 31  Pro    310.00 × 28/31  ₺280.00",
        "            Sorry  280.00 × 10%    -₺28.00",
        "            Round  2.00             -₺2.00",
    ]
    assert "Expected" in page and "₺250.00" in page


def test_the_next_month_has_days_to_come_and_the_changes_from_it_on() -> None:
    books = busy()

    page = printed(drawing(books, Period(date(2026, 6, 1), date(2026, 7, 1)), width=80), 80)

    # 434.00 = 310 + 4 × 31; tickets 62 × 28/30 = 57.8667
    assert page.startswith("""\
Deniz Çiçekçilik
Jun 1 – 30, 2026 · cut-off Jul 1, 2026 · TRY

                         1   5   10   15   20   25   30
                           ◆
Pro · 9 representatives  ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  ₺434.00
Tickets                  ··░░░░░░░░░░░░░░░░░░░░░░░░░░░░   ₺57.87

Expected                                                 ₺491.87

░ expected   · not billed   ◆ scheduled

◆ Jun 3, 2026  Tickets begins

Days """)


def test_the_running_month_may_be_asked_for_by_its_dates() -> None:
    books = busy()

    assert printed(drawing(books, Period(date(2026, 5, 1), date(2026, 6, 1))), 100) == printed(drawing(books), 100)


def test_a_month_the_books_know_nothing_of_is_refused() -> None:
    with pytest.raises(ValueError, match="neither the running period nor the next"):
        drawing(busy(), Period(date(2026, 4, 1), date(2026, 5, 1)))


def test_what_credit_pays_stands_above_the_total() -> None:
    bill = replace(busy().expected.bill, credited=40000)

    page = printed(month("Deniz", bill, width=80), 80)

    totals = part(page, "Account credit", "█ billed").splitlines()
    assert [line.split() for line in totals] == [["Account", "credit", "-₺400.00"], ["Total", "₺74.50"], []]
    assert "\nAlacak bakiyesi " in printed(month("Deniz", bill, locale="tr", width=80), 80)


def test_a_final_bill_has_one_total_and_no_mark() -> None:
    page = printed(month("Deniz", busy().expected.bill, width=80), 80)

    assert (
        part(page, "Deniz", "Days ")
        == """\
Deniz
May 1 – 31, 2026 · cut-off Jun 1, 2026 · TRY

                              1   5   10   15   20   25   30
Pro · 7 representatives       ···████████···███████··········  ₺180.00
└ Basic · 20 representatives  ···········███·················   ₺43.50
└ Pro · 9 representatives     ·····················██████████  ₺140.00
Basic · yearly                ····█████████████████████······  ₺105.00
Tickets                       ·····███·······················    ₺6.00

Total                                                          ₺474.50

█ billed   · not billed

"""
    )


def test_a_month_that_spans_two_counts_its_days_from_the_anchor() -> None:
    page = printed(drawing(busy(anchor=15), width=80), 80)

    assert (
        part(page, "                 ", "Basic · yearly")
        == """\
                           15  20   25   30 1   5   10
                             ▼    ◆   ◆       ◆
Pro · 7 representatives    ███░░░░························   ₺84.00
└ Pro · 9 representatives  ·······░░░░░░░░░░░░░░░░░░░░░░░░  ₺336.00
"""
    )
    assert "So far                     day 3 of 31                       ₺51.00\n" in page


def test_a_stub_is_drawn_with_what_it_costs_to_have_left_a_year_on_it() -> None:
    books = then(opened(SMALL.replace("3650.00", "3285.00")), at(5, 1, 10), AddPackage(plan="pro", interval=Interval.YEAR))
    books = then(books, at(5, 5), ChangeBillingCalendar(anchor_day=15))
    books = then(books, at(6, 3), CancelPackage(package_id=books.packages[0].id, effective=NOW))

    # 34 days at 9.00; by the month 310.00 for May, and 3 of the 31 days from 15 May to 14 June: 30.00
    assert (
        printed(drawing(books, width=100), 100)
        == """\
Deniz Çiçekçilik
Jun 1 – 14, 2026 · cut-off Jun 15, 2026 · TRY

                                  1       5         10
                                      ▼
Pro · 5 representatives · yearly  ██████······················  ₺61.00

So far                            day 3 of 14                   ₺61.00
Expected                                                        ₺61.00

█ so far   ░ expected   · not billed   ▼ today

Days           For                                       Calculation                          Amount
Jun 1 – 3      Pro                                       3285.00 × 34/365 − 3285.00 × 31/365  ₺27.00
May 1 – Jun 3  Pro: the days used of the term, at the    340.00 − 306.00                      ₺34.00
               monthly price
"""
    )


def test_numbers_of_days_that_are_too_near_each_other_are_left_out() -> None:
    page = printed(drawing(busy(anchor=31), width=80), 80)

    # the 30th of April stands where the 1st of May would
    assert page.splitlines()[3:5] == [
        "                              30   5   10   15   20   25   30",
        "                                               ▼    ◆   ◆",
    ]


def test_a_month_without_lines_says_so() -> None:
    assert (
        printed(drawing(opened(), width=80), 80)
        == """\
Deniz Çiçekçilik
May 1 – 31, 2026 · cut-off Jun 1, 2026 · TRY

Nothing is billed in this period.
"""
    )


def test_what_will_come_is_told_though_nothing_is_billed_yet() -> None:
    books = then(opened(), at(5, 2), AddPackage(plan="pro", representatives=1, effective=Effective(on=date(2026, 6, 1))))

    assert printed(drawing(books, locale="tr", width=80), 80).endswith("""
Bu dönemde faturalanan bir şey yok.

◆ 1 Haz 2026  Pro başlıyor
""")


def test_a_package_that_was_cancelled_and_comes_back_begins() -> None:
    books = then(opened(), at(5, 2), AddPackage(plan="pro", representatives=6))
    (package,) = books.packages
    books = then(books, at(5, 3), CancelPackage(package_id=package.id, effective=NOW))
    books = then(books, at(5, 4), ReactivatePackage(package_id=package.id, effective=Effective(on=date(2026, 5, 20))))

    page = printed(drawing(books, width=80), 80)

    assert "◆ May 20, 2026  Pro · 6 representatives begins\n" in page
    assert "Pro · 6 representatives  ·██················░░░░░░░░░░░░  ₺154.00\n" in page  # 14 days of 11.00


def test_plans_differ_in_colour_and_days_in_glyph() -> None:
    page = StringIO()
    Console(file=page, width=100, force_terminal=True, color_system="standard").print(drawing(busy(), width=80))

    blank, pro, basic, tickets, end = "\x1b[2m", "\x1b[36m", "\x1b[35m", "\x1b[32m", "\x1b[0m"
    for bar in (
        f"{blank}···{end}{pro}████████{end}{blank}···{end}{pro}███{end}{pro}░░░░{end}{blank}··········{end}",
        f"{blank}···········{end}{basic}███{end}{blank}·················{end}",
        f"{blank}·····················{end}{pro}░░░░░░░░░░{end}",
        f"{blank}····{end}{basic}█████████████{end}{basic}░░░░░░░░{end}{blank}······{end}",
        f"{blank}·····{end}{tickets}███{end}{blank}·······················{end}",
    ):
        assert bar in page.getvalue()


def test_a_name_cannot_steer_the_terminal() -> None:
    page = printed(month("A\x1b[31m[bold]B[/bold]\n", busy().expected.bill, width=80), 80)

    assert page.splitlines()[0] == "A�[31m[bold]B[/bold]�"


@pytest.mark.parametrize("locale", ["en", "tr-TR"])
@pytest.mark.parametrize("width", [80, 100, 132])
def test_no_line_of_the_catalog_we_begin_with_is_too_wide(locale: str, width: int) -> None:
    seed = (Path(gateway.__file__).parent / "server" / "catalog.toml").read_text(encoding="utf-8")
    books = then(opened(seed), at(5, 2), AddPackage(plan="enterprise", representatives=40))
    books = then(books, at(5, 3), AddPackage(plan="business", representatives=12, interval=Interval.YEAR))
    for day, plan in enumerate(books.catalog.on_sale(Kind.ADD_ON, date(2026, 5, 1)), start=4):
        books = then(books, at(5, day), AddAddOn(plan=plan.code))

    page = printed(drawing(books, locale=locale, width=width), 200)

    assert max(map(cell_len, page.splitlines())) <= width
    assert "…" not in page


@pytest.mark.parametrize("name", ["day_table", "explain", "month"])
def test_every_word_of_the_picture_has_its_turkish(name: str) -> None:
    tree = ast.parse((Path(gateway.__file__).parent / "server" / f"{name}.py").read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say"]
    templates = {ast.literal_eval(call.args[0]) for call in calls}

    assert len(templates) >= 2
    assert templates - TURKISH.keys() == set()


EIGHTY_COLUMNS = """\
Deniz Çiçekçilik
May 1 – 31, 2026 · cut-off Jun 1, 2026 · TRY

                              1   5   10   15   20   25   30
                                              ▼    ◆   ◆
Pro · 7 representatives       ···████████···███░░░░··········  ₺180.00
└ Basic · 20 representatives  ···········███·················   ₺43.50
└ Pro · 9 representatives     ·····················░░░░░░░░░░  ₺140.00
Basic · yearly                ····█████████████░░░░░░░░······  ₺105.00
Tickets                       ·····███·······················    ₺6.00

So far                        day 17 of 31                     ₺246.50
Expected                                                       ₺474.50

█ so far   ░ expected   · not billed   ▼ today   ◆ scheduled

◆ May 22, 2026  Pro · 7 representatives → Pro · 9 representatives
◆ May 26, 2026  Basic · yearly ends
◆ Jun 3, 2026   Tickets begins

Days         For                                Calculation        Amount
May 4 – 11   Pro                                310.00 × 8/31      ₺80.00
May 4 – 11   Pro: 2 further representatives     31.00 × 16/31      ₺16.00
May 12 – 14  Basic                              155.00 × 3/31      ₺15.00
May 12 – 14  Basic: 19 further representatives  15.50 × 57/31      ₺28.50
May 15 – 21  Pro                                310.00 × 15/31     ₺70.00
                                                − 310.00 × 8/31
May 15 – 21  Pro: 2 further representatives     31.00 × 30/31      ₺14.00
                                                − 31.00 × 16/31
May 22 – 31  Pro                                310.00 × 25/31    ₺100.00
                                                − 310.00 × 15/31
May 22 – 31  Pro: 4 further representatives     31.00 × 70/31      ₺40.00
                                                − 31.00 × 30/31
May 5 – 25   Basic                              1825.00 × 21/365  ₺105.00
May 6 – 8    Tickets                            62.00 × 3/31        ₺6.00
"""

HUNDRED_COLUMNS_IN_TURKISH = """\
Deniz Çiçekçilik
1–31 May 2026 · kesim tarihi 1 Haz 2026 · TRY

                       1       5         10        15        20        25        30
                                                       ▼         ◆       ◆
Pro · 7 temsilci       ······████████████████······██████░░░░░░░░····················  ₺180,00
└ Temel · 20 temsilci  ······················██████··································   ₺43,50
└ Pro · 9 temsilci     ··········································░░░░░░░░░░░░░░░░░░░░  ₺140,00
Temel · yıllık         ········██████████████████████████░░░░░░░░░░░░░░░░············  ₺105,00
Talepler               ··········██████··············································    ₺6,00

Şu ana kadar           31 günün 17. günü                                               ₺246,50
Beklenen                                                                               ₺474,50

█ şu ana kadar   ░ beklenen   · faturalanmayan   ▼ bugün   ◆ planlanan

◆ 22 May 2026  Pro · 7 temsilci → Pro · 9 temsilci
◆ 26 May 2026  Temel · yıllık sona eriyor
◆ 3 Haz 2026   Talepler başlıyor

Günler       Kalem                  Hesap                              Tutar
4 – 11 May   Pro                    310.00 × 8/31                     ₺80,00
4 – 11 May   Pro: 2 ek temsilci     31.00 × 16/31                     ₺16,00
12 – 14 May  Temel                  155.00 × 3/31                     ₺15,00
12 – 14 May  Temel: 19 ek temsilci  15.50 × 57/31                     ₺28,50
15 – 21 May  Pro                    310.00 × 15/31 − 310.00 × 8/31    ₺70,00
15 – 21 May  Pro: 2 ek temsilci     31.00 × 30/31 − 31.00 × 16/31     ₺14,00
22 – 31 May  Pro                    310.00 × 25/31 − 310.00 × 15/31  ₺100,00
22 – 31 May  Pro: 4 ek temsilci     31.00 × 70/31 − 31.00 × 30/31     ₺40,00
5 – 25 May   Temel                  1825.00 × 21/365                 ₺105,00
6 – 8 May    Talepler               62.00 × 3/31                       ₺6,00
"""
