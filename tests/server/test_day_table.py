"""The day ledger in the terminal, as it stands on the page."""

from datetime import date

from gateway.billing.billed_day import ledger
from gateway.server.day_table import day_table, line_table
from tests.server.test_explain import busy, printed

# A month of pro is 10.00 a day and 1.00 for each further representative, basic 5.00 and 0.50, tickets 2.00. It is the 17th.
WIDE = """\

Pro · 7 representatives → Basic · 20 representatives → Pro · 9 representatives
Days           States                                    Each day       Why                   Amount
· May 1 – 3    –                                         –              Not active.                –
█ May 4        ▸ 12:00–24:00 Pro · 7 representatives     310.00 × 1/31  The only state of     ₺12.00
                                                         31.00 × 2/31   the day.
█ May 5 – 11   ▸ Pro · 7 representatives                 310.00 × 1/31  The only state of     ₺84.00
                                                         31.00 × 2/31   the day.
█ May 12         00:00–12:00 Pro · 7 representatives     155.00 × 1/31  Billed once, as the   ₺14.50
               ▸ 12:00–24:00 Basic · 20 representatives  15.50 × 19/31  dearest state of
                                                                        the day.
█ May 13       ▸ Basic · 20 representatives              155.00 × 1/31  The only state of     ₺14.50
                                                         15.50 × 19/31  the day.
█ May 14       ▸ 00:00–12:00 Basic · 20 representatives  155.00 × 1/31  Billed once, as the   ₺14.50
                 12:00–24:00 Pro · 7 representatives     15.50 × 19/31  dearest state of
                                                                        the day.
█ May 15 – 17  ▸ Pro · 7 representatives                 310.00 × 1/31  The only state of     ₺36.00
                                                         31.00 × 2/31   the day.
░ May 18 – 21  ▸ Pro · 7 representatives                 310.00 × 1/31  The only state of     ₺48.00
                                                         31.00 × 2/31   the day.
░ May 22 – 31  ▸ Pro · 9 representatives                 310.00 × 1/31  The only state of    ₺140.00
                                                         31.00 × 4/31   the day.

Basic · yearly
Days           States                        Each day         Why                         Amount
· May 1 – 4    –                             –                Not active.                      –
█ May 5        ▸ 12:00–24:00 Basic · yearly  1825.00 × 1/365  The only state of the day.   ₺5.00
█ May 6 – 17   ▸ Basic · yearly              1825.00 × 1/365  The only state of the day.  ₺60.00
░ May 18 – 25  ▸ Basic · yearly              1825.00 × 1/365  The only state of the day.  ₺40.00
· May 26 – 31  –                             –                Not active.                      –

Tickets
Days          States                 Each day      Why                         Amount
· May 1 – 5   –                      –             Not active.                      –
█ May 6       ▸ 12:00–24:00 Tickets  62.00 × 1/31  The only state of the day.   ₺2.00
█ May 7       ▸ Tickets              62.00 × 1/31  The only state of the day.   ₺2.00
█ May 8       ▸ 00:00–12:00 Tickets  62.00 × 1/31  The only state of the day.   ₺2.00
· May 9 – 31  –                      –             Not active.                      –
"""

NARROW = """\

Pro · 7 temsilci → Temel · 20 temsilci → Pro · 9 temsilci
Günler         Durumlar                           Neden                    Tutar
· 1 – 3 May    –                                  Etkin değil.                 –
█ 4 May        ▸ 12:00–24:00 Pro · 7 temsilci     Günün tek durumu.       ₺12,00
█ 5 – 11 May   ▸ Pro · 7 temsilci                 Günün tek durumu.       ₺84,00
█ 12 May         00:00–12:00 Pro · 7 temsilci     Bir kez, günün en       ₺14,50
               ▸ 12:00–24:00 Temel · 20 temsilci  pahalı durumu
                                                  üzerinden
                                                  faturalanır.
█ 13 May       ▸ Temel · 20 temsilci              Günün tek durumu.       ₺14,50
█ 14 May       ▸ 00:00–12:00 Temel · 20 temsilci  Bir kez, günün en       ₺14,50
                 12:00–24:00 Pro · 7 temsilci     pahalı durumu
                                                  üzerinden
                                                  faturalanır.
█ 15 – 17 May  ▸ Pro · 7 temsilci                 Günün tek durumu.       ₺36,00
░ 18 – 21 May  ▸ Pro · 7 temsilci                 Günün tek durumu.       ₺48,00
░ 22 – 31 May  ▸ Pro · 9 temsilci                 Günün tek durumu.      ₺140,00

Temel · yıllık
Günler         Durumlar                      Neden               Tutar
· 1 – 4 May    –                             Etkin değil.            –
█ 5 May        ▸ 12:00–24:00 Temel · yıllık  Günün tek durumu.   ₺5,00
█ 6 – 17 May   ▸ Temel · yıllık              Günün tek durumu.  ₺60,00
░ 18 – 25 May  ▸ Temel · yıllık              Günün tek durumu.  ₺40,00
· 26 – 31 May  –                             Etkin değil.            –

Talepler
Günler        Durumlar                Neden              Tutar
· 1 – 5 May   –                       Etkin değil.           –
█ 6 May       ▸ 12:00–24:00 Talepler  Günün tek durumu.  ₺2,00
█ 7 May       ▸ Talepler              Günün tek durumu.  ₺2,00
█ 8 May       ▸ 00:00–12:00 Talepler  Günün tek durumu.  ₺2,00
· 9 – 31 May  –                       Etkin değil.           –
"""

LINES = """\

Days         For                                Convention  Journal
May 4 – 11   Pro                                USED_DAY    #2 addPackage
May 4 – 11   Pro: 2 further representatives     USED_DAY    #2 addPackage
May 12 – 14  Basic                              USED_DAY    #6 changePackage
May 12 – 14  Basic: 19 further representatives  USED_DAY    #6 changePackage
May 15 – 21  Pro                                USED_DAY    #7 changePackage
May 15 – 21  Pro: 2 further representatives     USED_DAY    #7 changePackage
May 22 – 31  Pro                                USED_DAY    #8 changePackage
May 22 – 31  Pro: 4 further representatives     USED_DAY    #8 changePackage
May 5 – 25   Basic                              USED_DAY    #3 addPackage
May 6 – 8    Tickets                            USED_DAY    #4 addAddOn
"""


def days(locale: str, width: int) -> str:
    books = busy()
    found = ledger(books, books.today)
    assert found is not None
    return printed(day_table(found, "TRY", locale, width), width)


def test_each_run_of_days_says_what_was_there_what_is_billed_and_why() -> None:
    assert days("en", 100) == WIDE


def test_where_it_is_narrow_the_arithmetic_is_left_to_the_lines_and_turkish_is_turkish() -> None:
    assert days("tr", 80) == NARROW


def test_each_line_says_its_convention_and_the_entries_it_comes_from() -> None:
    verbs = {2: "addPackage", 3: "addPackage", 4: "addAddOn", **dict.fromkeys((6, 7, 8), "changePackage")}

    assert printed(line_table(busy().expected.bill.lines, verbs), 100) == LINES


def test_what_was_not_there_in_a_period_has_no_table() -> None:
    books = busy()
    found = ledger(books, date(2026, 6, 1))
    assert found is not None

    june = printed(day_table(found, "TRY"), 100)

    assert "Basic" not in june  # it ends in May
    assert "Tickets" in june  # they come on the 3rd of June
