"""STORE: rows in, values out.

Owns: tables, migrations, transactions, the databases' drivers; loading Books and saving what a command added.
Owns not: what anything costs or means (billing), who may ask (resolvers), what is shown (schema).

Invariants
* `writing.perform` and `writing.cut` are the only ways to change an account; each is one transaction, and the
  account is locked before it is read.
* Functions here are plain and take a connection; a `Database` decides where they run. So one store serves
  every database.
* Tables of accounts lead with `account_id`; every statement on them has it in its WHERE.
"""
