"""Random facts and openings, for whatever must hold of every value."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from gateway.billing.calendar_change import CalendarChanged
from gateway.billing.catalog import EarlyEnd, Interval, Price, Rate
from gateway.billing.credit import Credited, CreditReason
from gateway.billing.dates import Calendar, Period
from gateway.billing.discount import Discount, Duration, Redemption
from gateway.billing.early_end import Rest, Used
from gateway.billing.facts import Closed, Cut, Fact, Issued, Opened
from gateway.billing.granted import OwnPriceEnded, OwnPriceSet, TrialEnded, TrialGranted
from gateway.billing.in_use import InUse
from gateway.billing.own_price import OwnPrice
from gateway.billing.redeemed import DiscountEnded, Redeemed
from gateway.billing.reported import RepresentativesReported
from gateway.billing.standing import Standing
from gateway.billing.tax import CustomerKind, TaxIdCheck, TaxIdentity
from gateway.billing.tax_facts import TaxExempted, TaxIdentified
from gateway.billing.term import Commitment, Count, Held, Lock, Opening
from gateway.billing.timeline import Change, Fate, Scheduled, State, Unscheduled
from gateway.billing.trial import Trial, TrialEnd

instants = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
words = st.text(max_size=12)
revisions = st.integers(1, 10**6)
intervals = st.sampled_from(Interval)
periods = st.builds(lambda start, length: Period(start, start + timedelta(days=length)), days, st.integers(0, 366))
states = st.builds(State, words, st.integers(1, 999), intervals)
rates = st.builds(Rate, st.integers(0, 10**15), st.sampled_from(["TRY", "JPY", "KWD"]))
own_prices = st.builds(
    OwnPrice,
    id=words,
    plan=words,
    interval=intervals,
    base=rates,
    per_representative=st.none() | rates,
    from_on=days,
    until_on=st.none() | days,
)
trials = st.builds(Trial, id=words, plan=st.none() | words, item=st.none() | words, from_on=days, until_on=days)
trial_ends = st.builds(TrialEnd, trial=words, until_on=days)
prices = st.builds(
    Price, words, st.none() | intervals, rates, st.integers(0, 99), rates, st.integers(0, 36), st.none() | st.sampled_from(EarlyEnd)
)

texts = st.dictionaries(st.sampled_from(["en", "tr"]), words)
discounts = st.builds(
    Discount,
    names=texts,
    percent=st.none() | st.integers(1, 10**8),
    amounts=st.dictionaries(st.sampled_from(["TRY", "JPY"]), st.integers(1, 10**12)),
    duration=st.sampled_from(Duration),
    periods=st.none() | st.integers(1, 120),
    plans=st.lists(words, max_size=2).map(tuple),
)
redemptions = st.builds(
    Redemption, id=words, terms=discounts, redeemed_on=days, code=st.none() | words, left=st.none() | st.integers(1, 120)
)
identities = st.builds(
    TaxIdentity, country=words, kind=st.sampled_from(CustomerKind), check=st.sampled_from(TaxIdCheck), exempt=st.none() | words
)

FACTS_OF: dict[str, st.SearchStrategy[Fact]] = {
    "Opened": st.builds(
        Opened,
        revision=revisions,
        at=instants,
        currency=words,
        zone=words,
        anchor=st.integers(1, 31),
        locale=words,
        profile=words,
    ),
    "Closed": st.builds(Closed, revision=revisions, at=instants),
    "Change": st.builds(Change, revision=revisions, item=words, at=instants, state=st.none() | states),
    "Scheduled": st.builds(
        Scheduled,
        revision=revisions,
        id=words,
        item=words,
        on=days,
        ends=st.booleans(),
        plan=st.none() | words,
        quantity=st.none() | st.integers(1, 99),
        interval=st.none() | intervals,
        retires=st.none() | words,
    ),
    "Unscheduled": st.builds(Unscheduled, revision=revisions, id=words, fate=st.sampled_from(Fate)),
    "Credited": st.builds(
        Credited, revision=revisions, at=instants, amount=st.integers(-(10**15), 10**15), reason=st.sampled_from(CreditReason), text=words
    ),
    "Cut": st.builds(
        Cut,
        revision=revisions,
        period=periods,
        total=st.integers(0, 10**12),
        invoice=st.none() | words,
        digest=st.none() | words,
        discount=st.integers(0, 10**12),
        tax=st.integers(-(10**12), 10**12),
        credit=st.integers(-(10**12), 10**12),
    ),
    "RepresentativesReported": st.builds(
        RepresentativesReported, revision=revisions, at=instants, item=words, in_use=st.integers(0, 999), counted_at=instants
    ),
    "OwnPriceSet": st.builds(OwnPriceSet, revision=revisions, at=instants, price=own_prices),
    "OwnPriceEnded": st.builds(OwnPriceEnded, revision=revisions, at=instants, id=words, until_on=days),
    "TrialGranted": st.builds(TrialGranted, revision=revisions, at=instants, trial=trials),
    "TrialEnded": st.builds(TrialEnded, revision=revisions, at=instants, end=trial_ends),
    "Issued": st.builds(Issued, revision=revisions, invoice=words, number=words, at=instants),
    "Redeemed": st.builds(Redeemed, revision=revisions, at=instants, redemption=redemptions),
    "DiscountEnded": st.builds(DiscountEnded, revision=revisions, at=instants, redemption=words),
    "TaxIdentified": st.builds(TaxIdentified, revision=revisions, at=instants, identity=identities, profile=words),
    "TaxExempted": st.builds(TaxExempted, revision=revisions, at=instants, reason=st.none() | words),
    "CalendarChanged": st.builds(CalendarChanged, revision=revisions, at=instants, zone=words, anchor=st.integers(1, 31)),
}
facts = st.one_of(*FACTS_OF.values())
calendars = st.builds(Calendar, words, st.integers(1, 31))
helds = st.builds(
    Held,
    item=words,
    state=st.none() | states,
    last=st.none() | states,
    started_on=st.none() | days,
    ended_on=st.none() | days,
    term=st.none() | periods,
    revision=revisions,
    locks=st.lists(st.builds(Lock, periods, prices, st.none() | prices, st.none() | calendars), max_size=2).map(tuple),
    commitments=st.lists(st.builds(Commitment, states, days, st.integers(1, 120)), max_size=2).map(tuple),
    used=st.lists(st.builds(Used, periods, periods, instants, states, prices, st.integers(0), st.integers(0)), max_size=1).map(tuple),
    rests=st.lists(st.builds(Rest, periods, prices, st.integers(1, 99)), max_size=1).map(tuple),
    counts=st.lists(st.builds(Count, words, rates, periods, st.integers(0, 10**6)), max_size=2).map(tuple),
)
standings = st.builds(
    Standing,
    discounts=st.lists(redemptions, max_size=2).map(tuple),
    codes=st.lists(words, max_size=2).map(tuple),
    tax=st.none() | identities,
    credit=st.integers(0, 10**9),
    in_use=st.lists(st.builds(InUse, words, st.integers(0, 999), instants), max_size=2).map(tuple),
    prices=st.lists(own_prices, max_size=2).map(tuple),
    trials=st.lists(trials, max_size=2).map(tuple),
    trial_ends=st.lists(trial_ends, max_size=2).map(tuple),
    plans=st.lists(words, max_size=2).map(tuple),
    calendar=st.none() | calendars,
)
openings = st.builds(Opening, days, st.lists(helds, max_size=3).map(tuple), standings, st.none() | calendars, st.none() | instants)
