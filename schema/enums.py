"""Enums of the domain, described."""

from gateway.billing.billed_day import Reason
from gateway.billing.catalog import EarlyEnd, Interval, Kind
from gateway.billing.credit import CreditReason
from gateway.billing.credit_movement import CreditKind
from gateway.billing.discount import Duration
from gateway.billing.effective import When
from gateway.billing.forecast import Expectation, Which
from gateway.billing.invoice import InvoiceStatus
from gateway.billing.item import Status
from gateway.billing.tax import CustomerKind, TaxIdCheck, TaxNote, TaxSource, TaxStatus
from gateway.server.auth import Role

from .window import enum

enum(
    Kind,
    "What a plan is.",
    name="PlanKind",
    PACKAGE="A package of representatives.",
    ADD_ON="An additional package.",
    SESSION_PACK="Extra chatbot sessions.",
)
enum(
    Interval,
    "The run of time a price pays for.",
    MONTH="One billing period.",
    QUARTER="Three billing periods.",
    YEAR="Twelve billing periods.",
)
enum(
    EarlyEnd,
    "What leaving a term before its end costs beside the days used.",
    NONE="Nothing.",
    REPRICE="What the days used would have cost by the month, less what was billed for them.",
    REST_OF_TERM="The days to its end; they are not billed again to who comes back within the term.",
)
enum(When, "When a change takes effect.", name="EffectiveWhen", NOW="At once.", AT_RENEWAL="When the term that is paid for ends.")
enum(Which, "Which period a forecast is for.", name="ForecastPeriod", CURRENT="The running billing period.", NEXT="The one after it.")
enum(Expectation, "Whether an invoice is expected.", name="ForecastStatus", EXPECTED="One is expected.", NOTHING_DUE="Nothing will be due.")
enum(
    Duration,
    "How long a discount lasts.",
    name="DiscountDuration",
    ONCE="For the first bill it takes something off.",
    PERIODS="For so many billing periods, the one of redemption included.",
    FOREVER="For every bill, until it is taken back.",
)
enum(
    Reason,
    "Why a day is billed as it is.",
    name="BilledDayReason",
    NOT_ACTIVE="It was not active on this day.",
    ONLY_STATE="It is billed as the only state of the day.",
    DEAREST_STATE="It is billed once, as the dearest state of the day.",
    LAST_STATE="It is billed once, as the state the day ended in.",
    FIRST_STATE="It is billed once, as the state the day began in.",
    BY_THE_SECOND="Each state is billed by its seconds.",
    FREE="It costs nothing on this day: a trial, or a plan without a price.",
    ALREADY_PAID="It was paid already, with the rest of a term that was left early.",
    NOT_COUNTED="The convention does not bill this day: it ended on it, or the day weighs nothing.",
)
enum(
    Status,
    "Where a package or an add-on stands.",
    name="ItemStatus",
    SCHEDULED="It begins on a day to come.",
    ACTIVE="It is in use and goes on.",
    ENDING="It is in use until the day it is scheduled to end.",
    ENDED="It has ended and can be brought back.",
)
enum(
    InvoiceStatus,
    "Where an invoice stands.",
    DRAFT="It was cut and has no number yet.",
    OPEN="It was issued and is to be paid.",
    PAID="It was paid, or nothing was due.",
    PAST_DUE="It was to be paid by a day that has passed.",
    UNCOLLECTIBLE="Collecting it was given up.",
    VOID="It was declared void.",
)
enum(
    CreditReason,
    "Why credit was given or taken back.",
    GOODWILL="As amends, or a kindness.",
    PROMOTION="To win or to keep the customer.",
    CORRECTION="To put right what was billed or credited wrongly.",
)
enum(
    CreditKind,
    "What moved an account's credit.",
    name="CreditMovementKind",
    GRANTED="It was given.",
    REVOKED="It was taken back.",
    USED="It paid for a bill, or a part of it.",
    GAINED="It came from a bill below zero.",
)
enum(
    TaxStatus,
    "What is known of the tax on a bill.",
    NOT_CHARGED="The vendor charges no tax.",
    ADDRESS_NEEDED="The account has no tax identity yet: the bill is net.",
    CHARGED="Tax is charged.",
    REVERSE_CHARGE="The customer, a business in another member state of the European Union, owes the tax itself.",
    EXEMPT="The customer is exempt.",
    EXPORT="The customer is abroad: no tax is charged.",
    RATE_UNKNOWN="No rate is known for the customer's country on that day: the bill is net.",
)
enum(
    TaxSource,
    "Who said which rate it is.",
    TABLE="The table of rates that was published with the catalog.",
    ENGINE="The tax engine that was asked before the invoice was cut.",
)
enum(
    TaxNote,
    "Something to know of a tax beside its figures.",
    REVERSE_CHARGE="The customer owes it itself.",
    EXPORT="The service is exported.",
    EXEMPT="The customer is exempt.",
    ENGINE_UNAVAILABLE="The tax engine could not be asked, so the table decided.",
)
enum(CustomerKind, "What a customer is to the tax office.", BUSINESS="A business.", CONSUMER="A consumer.")
enum(
    TaxIdCheck,
    "What is known of a tax id.",
    NONE="There is none.",
    UNCHECKED="There is one, of a form that is not known here.",
    WELL_FORMED="Its form and check digits are right. Whether a register knows it was not asked.",
)
enum(
    Role,
    "What a token may do.",
    OWNER="See and steer one account.",
    PARTNER="See and steer one account on its owner's behalf.",
    OPERATOR="See every account, open and close them.",
)
