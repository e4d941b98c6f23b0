"""Tax identities."""

import strawberry
from strawberry import Parent

from gateway.billing import account, tax
from gateway.billing.tax import CustomerKind, TaxIdCheck

from .scalars import CountryCode


@strawberry.type(description="Who an account is to the tax office.")
class TaxIdentity:
    """Who an account is to the tax office."""

    identity: strawberry.Private[tax.TaxIdentity]
    account: strawberry.Private[account.Account]

    @strawberry.field(description="Where the customer is established.")
    def country(root: Parent["TaxIdentity"]) -> CountryCode:
        return CountryCode(root.identity.country)

    @strawberry.field(description="Whether it is a business or a consumer.")
    def kind(root: Parent["TaxIdentity"]) -> CustomerKind:
        return root.identity.kind

    @strawberry.field(description="Its tax id in its bare form, if it has one.")
    def tax_id(root: Parent["TaxIdentity"]) -> str | None:
        return root.account.tax_id

    @strawberry.field(description="What is known of the tax id.")
    def tax_id_check(root: Parent["TaxIdentity"]) -> TaxIdCheck:
        return root.identity.check

    @strawberry.field(description="Why no tax is charged; null when it is not exempt.")
    def exemption(root: Parent["TaxIdentity"]) -> str | None:
        return root.identity.exempt
