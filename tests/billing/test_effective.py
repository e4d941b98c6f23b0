"""When a change takes effect."""

from __future__ import annotations

from datetime import date

import pytest

from gateway.billing.dates import Period
from gateway.billing.effective import Effective, When, resolve, warn_of_wait
from gateway.billing.errors import DateOutOfRange, InvalidInput
from tests.billing.given import AT_RENEWAL, NOW, account, on

JUNE = Period(date(2026, 6, 1), date(2026, 7, 1))
BOOKS = account().now("2026-06-20T09:00")


@pytest.mark.parametrize(
    ("effective", "term", "cheaper", "acts"),
    [
        (None, JUNE, False, None),
        (None, JUNE, True, date(2026, 7, 1)),
        (None, None, True, None),  # cheaper, but there is no renewal to wait for
        (NOW, JUNE, True, None),
        (AT_RENEWAL, JUNE, False, date(2026, 7, 1)),
        (on("2026-06-20"), JUNE, False, None),  # today is now
        (on("2026-06-21"), JUNE, False, date(2026, 6, 21)),
        (on("2028-06-20"), JUNE, False, date(2028, 6, 20)),  # 731 days
    ],
)
def test_it_acts_now_or_on_a_day(effective: Effective | None, term: Period | None, cheaper: bool, acts: date | None) -> None:
    assert resolve(BOOKS, effective, term, cheaper=cheaper) == acts


def test_a_day_that_has_passed_or_lies_over_two_years_ahead_is_refused() -> None:
    for day in ("2026-06-19", "2028-06-21"):
        with pytest.raises(DateOutOfRange) as refused:
            resolve(BOOKS, on(day), JUNE, cheaper=False)
        assert refused.value.field == "effective"
        assert refused.value.params["on"] == day


def test_today_is_the_accounts_own_day() -> None:
    late = account().now("2026-06-20T22:30Z")  # the 21st in Istanbul

    assert resolve(late, on("2026-06-21"), JUNE, cheaper=False) is None
    with pytest.raises(DateOutOfRange):
        resolve(late, on("2026-06-20"), JUNE, cheaper=False)


@pytest.mark.parametrize("effective", [Effective(), Effective(when=When.NOW, on=date(2026, 6, 21))])
def test_neither_or_both_of_when_and_on_is_refused(effective: Effective) -> None:
    with pytest.raises(InvalidInput) as refused:
        resolve(BOOKS, effective, JUNE, cheaper=False)

    assert refused.value.field == "effective"


def test_without_a_term_there_is_no_renewal() -> None:
    with pytest.raises(InvalidInput) as refused:
        resolve(BOOKS, AT_RENEWAL, None, cheaper=False)

    assert refused.value.field == "effective"


@pytest.mark.parametrize(("day", "warned"), [(None, []), (date(2026, 7, 21), []), (date(2026, 7, 22), [32])])
def test_only_a_wait_of_more_than_thirty_one_days_is_warned_of(day: date | None, warned: list[int]) -> None:
    assert [warning.params["days"] for warning in warn_of_wait(BOOKS, day).warnings] == warned
