"""Sentences for people: English templates, and the same in Turkish. A test finds every template used and asks for its translation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

# A parameter can be a sentence itself: its template and its own parameters.
Param = str | int | dict[str, Any]

TURKISH: Final[dict[str, str]] = {
    # lines
    "{plan}: 1 further representative": "{plan}: 1 ek temsilci",
    "{plan}: {quantity} further representatives": "{plan}: {quantity} ek temsilci",
    "{plan}: the days used of the term, at the monthly price": "{plan}: sürenin kullanılan günleri, aylık fiyattan",
    "{plan}: the rest of the term": "{plan}: sürenin kalanı",
    "{plan}: the rest of the term, further representatives: {quantity}": "{plan}: sürenin kalanı, ek temsilci: {quantity}",
    "{plan}: beyond what was paid to the end of the term": "{plan}: süre sonuna kadar ödenenin üstü",
    # the picture of a month
    "cut-off {on}": "kesim tarihi {on}",
    "{quantity} representatives": "{quantity} temsilci",
    "quarterly": "üç aylık",
    "yearly": "yıllık",
    "So far": "Şu ana kadar",
    "Expected": "Beklenen",
    "Total": "Toplam",
    "day {nth} of {days}": "{days} günün {nth}. günü",
    "so far": "şu ana kadar",
    "expected": "beklenen",
    "billed": "faturalanan",
    "not billed": "faturalanmayan",
    "today": "bugün",
    "scheduled": "planlanan",
    "{plan} begins": "{plan} başlıyor",
    "{plan} ends": "{plan} sona eriyor",
    "Nothing is billed in this period.": "Bu dönemde faturalanan bir şey yok.",
    "Days": "Günler",
    "For": "Kalem",
    "Calculation": "Hesap",
    "Amount": "Tutar",
    # refusals
    "There is no plan {plan}.": "{plan} adında bir paket yok.",
    "{plan} has no {interval} price in {currency}.": "{plan} için {currency} cinsinden {interval} fiyatı yok.",
    "{plan} is not on sale on {on}.": "{plan}, {on} tarihinde satışta değil.",
    "{plan} allows at most {maximum} representatives.": "{plan} en çok {maximum} temsilciye izin verir.",
    "A package has at least one representative.": "Bir pakette en az bir temsilci olur.",
    "There is no package {id}.": "{id} kimlikli bir paket yok.",
    "There is no add-on {plan} on this account.": "Bu hesapta {plan} ek paketi yok.",
    "There is no scheduled change {id}.": "{id} kimlikli planlanmış bir değişiklik yok.",
    "There is no account {id}.": "{id} kimlikli bir hesap yok.",
    "The day {on} has passed; choose {today} or later.": "{on} günü geçti; {today} veya sonrasını seçin.",
    "The day {on} is too far ahead; choose one before {limit}.": "{on} çok ileri bir gün; {limit} tarihinden önce bir gün seçin.",
    "Say either when it takes effect or on which day.": "Ya ne zaman geçerli olacağını ya da gününü belirtin.",
    "There is no renewal to wait for; choose now or a day.": "Beklenecek bir yenileme yok; hemen ya da bir gün seçin.",
    "Say what is to change: the plan, the representatives or the interval.": "Neyin değişeceğini belirtin: paket, temsilci sayısı ya da dönem.",
    "The package ended on {on}; reactivate it first.": "Paket {on} tarihinde sona erdi; önce yeniden etkinleştirin.",
    "The package begins on {on}; undo that scheduled start instead.": "Paket {on} tarihinde başlıyor; bunun yerine planlanan başlangıcı geri alın.",
    "The package is active already.": "Paket zaten etkin.",
    "The add-on {plan} is active already.": "{plan} ek paketi zaten etkin.",
    "The add-on {plan} is not active.": "{plan} ek paketi etkin değil.",
    "A change is scheduled for {on} ({scheduled_id}); replace it or undo it first.": "{on} için planlanmış bir değişiklik var ({scheduled_id}); önce onu değiştirin ya da geri alın.",
    "The change scheduled for {on} ({scheduled_id}) would no longer be possible: {reason} Drop it to go on.": "{on} için planlanan değişiklik ({scheduled_id}) artık mümkün olmaz: {reason} Devam etmek için onu bırakın.",
    "The scheduled change {id} has taken effect and can no longer be undone.": "Planlanan {id} değişikliği yürürlüğe girdi, artık geri alınamaz.",
    "The account was closed on {on}.": "Hesap {on} tarihinde kapatıldı.",
    "This idempotency key named another request; use a new key.": "Bu tekrar anahtarı başka bir isteğe aitti; yeni bir anahtar kullanın.",
    "This idempotency key was used long ago; nothing was done.": "Bu tekrar anahtarı çok önce kullanılmış; hiçbir şey yapılmadı.",
    "An idempotency key has 1 to 200 characters.": "Tekrar anahtarı 1 ile 200 karakter arasındadır.",
    "A name has 1 to 200 printable characters.": "Ad, 1 ile 200 arasında yazdırılabilir karakterden oluşur.",
    "There is no time zone {zone}.": "{zone} adında bir saat dilimi yok.",
    "The catalog has no prices in {currency}.": "Katalogda {currency} cinsinden fiyat yok.",
    "An anchor day lies between 1 and 31.": "Dönem günü 1 ile 31 arasındadır.",
    "Say what is to change: the time zone or the anchor day.": "Neyin değişeceğini belirtin: saat dilimi ya da dönem günü.",
    "{locale} is not a locale such as en or tr-TR.": "{locale}, en ya da tr-TR gibi bir dil kodu değil.",
    # warnings
    "{plan} was cancelled today as well: both bill this day. Reactivating it would bill it once.": "{plan} bugün iptal edildi: ikisi de bu günü faturalar. Yeniden etkinleştirmek günü bir kez faturalar.",
    "This takes effect on {on}, {days} days from now.": "Bu, {days} gün sonra, {on} tarihinde geçerli olur.",
    "The change scheduled for {on} would change nothing any more and was dropped.": "{on} için planlanan değişiklik artık bir şey değiştirmeyeceğinden kaldırıldı.",
    "The term runs until {until}. Ending it early costs {amount} {currency}, on the bill that is cut on {cut_off}.": "Süre {until} tarihine kadar. Erken bitirmek {amount} {currency} tutar; {cut_off} tarihinde kesilen faturada yer alır.",
    "This takes effect on {on}, when the running period is over.": "Bu, süren dönem bitince, {on} tarihinde geçerli olur.",
    "The first period runs from {first} to {last}: {days} of the {whole} days of its month are charged.": "İlk dönem {first} – {last} arasıdır: ayının {whole} gününden {days} günü faturalanır.",
    "The calendar stays as it is; what was to change on {on} will not.": "Takvim olduğu gibi kalır; {on} tarihinde değişecek olan değişmeyecek.",
    "This changes nothing.": "Bu hiçbir şeyi değiştirmiyor.",
}


def say(template: str, locale: str, /, **params: Param) -> str:
    """A sentence in a language, else in English."""
    if locale[:2].lower() == "tr":
        template = TURKISH.get(template, template)
    said = {name: say(value["template"], locale, **value["params"]) if isinstance(value, dict) else value for name, value in params.items()}
    return template.format_map(said)


def in_language(names: Mapping[str, str], locale: str) -> str:
    """The one of several translations that fits a locale, else the English one."""
    return names.get(locale[:2].lower(), names["en"])
