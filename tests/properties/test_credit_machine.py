"""An account with credit through any sequence of commands, days and cuts: no money appears or is lost (rules §10, 5)."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from gateway.billing.codec import unpack_fact
from gateway.billing.commands import GrantCredit, RevokeCredit
from gateway.billing.credit import Credited, CreditReason
from gateway.billing.facts import Cut
from gateway.billing.ledger import Book, posted
from gateway.billing.money import exponent
from tests.properties.test_account_machine import AccountMachine

REASONS = st.sampled_from(CreditReason)


class CreditMachine(AccountMachine):
    """Everything that the account's machine does and demands, with grants of credit in between."""

    @precondition(lambda self: self.open_to_commands)
    @rule(minor=st.integers(1, 300_000), reason=REASONS)
    def grant_credit(self, minor: int, reason: CreditReason) -> None:
        before = self.books.credit.minor
        # A bill of a period that ends within the second that passes may claim some of it.
        assert self.perform(GrantCredit(amount=self._units(minor), reason=reason, text="For the outage."))
        assert self.books.credit.minor <= before + minor

    @precondition(lambda self: self.open_to_commands)
    @rule(percent=st.integers(1, 130), reason=REASONS)
    def revoke_credit(self, percent: int, reason: CreditReason) -> None:
        before, period = self.books.credit.minor, self.books.period
        minor = max(1, before * percent // 100)
        performed = self.perform(RevokeCredit(amount=self._units(minor), reason=reason, text="Granted twice."))
        if self.books.period == period:
            assert performed is (minor <= before)
            assert self.books.credit.minor == before - (minor if performed else 0)

    @invariant()
    def no_money_appears_or_is_lost(self) -> None:
        facts = [unpack_fact(fact) for each in self.entries for fact in each.facts]
        balances: Counter[Book] = Counter()
        for _, moved in posted(facts):
            balances[moved.book] += moved.amount
        assert sum(balances.values()) == 0
        cuts = [fact for fact in facts if isinstance(fact, Cut)]
        assert balances[Book.RECEIVABLE] == sum(cut.total for cut in cuts) >= 0
        assert balances[Book.REVENUE] == -sum(cut.subtotal for cut in cuts)
        assert balances[Book.GOODWILL] == sum(fact.amount for fact in facts if isinstance(fact, Credited)) >= 0
        # What the ledger owes the customer is what the books say, and what bills about to be cut will use.
        closing = self.books.current.closing_bills
        assert -balances[Book.CUSTOMER_CREDIT] == self.books.credit.minor + sum(bill.credit.minor for bill in closing)
        assert self.books.credit.minor >= 0

    @invariant()
    def credit_pays_first_and_only_what_is_there(self) -> None:
        left = self.books.credit.minor
        for bill in (self.books.current.expected, self.books.next.expected):
            assert bill.subtotal - bill.discount + bill.tax - bill.credit == bill.due
            assert bill.credit.minor == min(left, bill.gross.minor)
            left -= bill.credit.minor

    def _units(self, minor: int) -> Decimal:
        return Decimal(minor).scaleb(-exponent(self.books.account.currency))


TestCreditMachine = CreditMachine.TestCase
TestCreditMachine.settings = settings(max_examples=60)
