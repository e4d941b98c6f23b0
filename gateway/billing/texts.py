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
    "Account credit": "Alacak bakiyesi",
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
    # the day ledger
    "Not active.": "Etkin değil.",
    "The only state of the day.": "Günün tek durumu.",
    "Billed once, as the dearest state of the day.": "Bir kez, günün en pahalı durumu üzerinden faturalanır.",
    "Billed once, as the state the day ended in.": "Bir kez, günün sonundaki durum üzerinden faturalanır.",
    "Billed once, as the state the day began in.": "Bir kez, günün başındaki durum üzerinden faturalanır.",
    "Each state is billed by its seconds.": "Her durum saniyesine göre faturalanır.",
    "It costs nothing on this day.": "Bu gün ücretsizdir.",
    "Paid already, with the rest of the term.": "Dönemin kalanıyla birlikte zaten ödendi.",
    "The convention does not bill this day.": "Bu gün, geçerli yönteme göre faturalanmaz.",
    "Day": "Gün",
    "States": "Durumlar",
    "Billed": "Faturalanan",
    "Why": "Neden",
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
    "The figures of this quote no longer hold; look at the new one.": "Bu teklifteki tutarlar artık geçerli değil; yenisine bakın.",
    "This quote has expired; take a new one.": "Bu teklifin süresi doldu; yenisini alın.",
    "This quote was given for another request; take a new one.": "Bu teklif başka bir istek için verilmiş; yenisini alın.",
    "This is not a quote of this gateway; take a new one.": "Bu, bu sistemin verdiği bir teklif değil; yenisini alın.",
    "Change {index} is refused: {reason}": "{index} numaralı değişiklik reddedildi: {reason}",
    "Try at least one change, and at most {most} at once.": "En az bir, en çok {most} değişiklik deneyin.",
    "This idempotency key named another request; use a new key.": "Bu tekrar anahtarı başka bir isteğe aitti; yeni bir anahtar kullanın.",
    "This idempotency key was used long ago; nothing was done.": "Bu tekrar anahtarı çok önce kullanılmış; hiçbir şey yapılmadı.",
    "An idempotency key has 1 to 200 characters.": "Tekrar anahtarı 1 ile 200 karakter arasındadır.",
    "A name has 1 to 200 printable characters.": "Ad, 1 ile 200 arasında yazdırılabilir karakterden oluşur.",
    "There is no time zone {zone}.": "{zone} adında bir saat dilimi yok.",
    "The catalog has no prices in {currency}.": "Katalogda {currency} cinsinden fiyat yok.",
    "An anchor day lies between 1 and 31.": "Dönem günü 1 ile 31 arasındadır.",
    "Say what is to change: the time zone or the anchor day.": "Neyin değişeceğini belirtin: saat dilimi ya da dönem günü.",
    "{locale} is not a locale such as en or tr-TR.": "{locale}, en ya da tr-TR gibi bir dil kodu değil.",
    "There is no discount code {code}.": "{code} adında bir indirim kodu yok.",
    "The code {code} can be redeemed from {on} on.": "{code} kodu {on} tarihinden itibaren kullanılabilir.",
    "The code {code} could be redeemed until {on}.": "{code} kodu {on} tarihine kadar kullanılabilirdi.",
    "The code {code} is not for accounts in {currency}.": "{code} kodu {currency} ile faturalanan hesaplar için geçerli değil.",
    "The code {code} was redeemed as often as it can be.": "{code} kodunun kullanım sayısı doldu.",
    "This account has used the code {code} already.": "Bu hesap {code} kodunu daha önce kullandı.",
    "There is no discount {id} on this account.": "Bu hesapta {id} kimlikli bir indirim yok.",
    "A discount's name has 1 to 100 printable characters.": "İndirim adı, 1 ile 100 arasında yazdırılabilir karakterden oluşur.",
    "Say either a percentage or an amount.": "Ya bir yüzde ya da bir tutar belirtin.",
    "A percentage is more than 0 and at most 100, with at most 6 decimals.": "Yüzde 0'dan büyük, en çok 100 ve en çok 6 ondalıklı olabilir.",
    "A discount is for at most {most} plans.": "Bir indirim en çok {most} paket için olabilir.",
    "A discount lasts 1 to {most} billing periods.": "Bir indirim 1 ile {most} fatura dönemi arasında sürer.",
    "Say for how many billing periods with PERIODS, and only then.": "Fatura dönemi sayısını yalnızca PERIODS ile birlikte belirtin.",
    "An amount in {currency} is more than zero and has at most {decimals} decimals.": "{currency} cinsinden bir tutar sıfırdan büyüktür ve en çok {decimals} ondalık basamağı vardır.",
    "An amount in {currency} is at most {limit}.": "{currency} cinsinden bir tutar en çok {limit} olabilir.",
    "An account has at most {limit} {currency} of credit.": "Bir hesabın alacak bakiyesi en çok {limit} {currency} olabilir.",
    "The account has {left} of credit.": "Hesabın alacak bakiyesi {left}.",
    "A text has 1 to 200 printable characters.": "Açıklama, 1 ile 200 arasında yazdırılabilir karakterden oluşur.",
    # warnings
    "Nothing on this account is discounted by it so far.": "Bu hesapta şu ana kadar bu indirimin kapsadığı bir şey yok.",
    "There is no country {country}.": "{country} adında bir ülke yok.",
    "A tax id has at most 40 printable characters.": "Vergi numarası en çok 40 yazdırılabilir karakterden oluşur.",
    "This is not a tax id of {country}; a right one looks like {example}.": "Bu, {country} için bir vergi numarası değil; doğrusu {example} gibidir.",
    "A reason has 1 to 200 printable characters.": "Gerekçe, 1 ile 200 arasında yazdırılabilir karakterden oluşur.",
    "Set the tax identity of the account first.": "Önce hesabın vergi kimliğini belirtin.",
    # warnings
    "The tax exemption ends: it was granted to another tax identity.": "Vergi muafiyeti sona erer: başka bir vergi kimliğine tanınmıştı.",
    "{in_use} representatives are in use; free some before going down to {representatives}.": "{in_use} temsilci kullanımda; {representatives} temsilciye inmeden önce bazılarını boşaltın.",
    "The change scheduled for {on} ({scheduled_id}) stands in the way: {reason} Undo it first.": "{on} için planlanan değişiklik ({scheduled_id}) buna engel: {reason} Önce onu geri alın.",
    "{plan} needs one of {needed} beside it, which would be missing on {on}.": "{plan} yanında {needed} paketlerinden birini gerektirir; {on} tarihinde bu eksik olurdu.",
    "{plan} and {other} cannot be held together, as they would be on {on}.": "{plan} ile {other} birlikte kullanılamaz; {on} tarihinde ikisi de etkin olurdu.",
    "There is a commitment until {until}; choose that day or a later one.": "{until} tarihine kadar bir taahhüt var; o günü ya da sonrasını seçin.",
    "A count cannot be below 0.": "Bir sayım 0'dan küçük olamaz.",
    "It cannot have been counted in the future.": "Sayım gelecekte yapılmış olamaz.",
    "It must be in force for one day at least: choose a day after {on}.": "En az bir gün geçerli olmalı: {on} tarihinden sonraki bir günü seçin.",
    "A price is an amount from 0 on such as 249.00, with at most 6 decimals beyond the currency's.": "Fiyat, 249.00 gibi 0 ya da daha büyük bir tutardır; para biriminin ondalıklarından en çok 6 hane fazlasını alabilir.",
    "There is no own price {id}.": "{id} kimlikli özel bir fiyat yok.",
    "Say either which plan is free or which package or add-on.": "Ya hangi paketin ücretsiz olduğunu ya da hangi kalemi belirtin.",
    "There is no package or add-on {id}.": "{id} kimlikli bir paket ya da ek paket yok.",
    "There is no trial {id}.": "{id} kimlikli bir deneme yok.",
    "It can end from {today} to {on}, when it ends by itself.": "{today} ile kendiliğinden bittiği {on} arasında bitebilir.",
    "A plan cannot take its own place.": "Bir paket kendi yerini alamaz.",
    "{plan} is not retired: take it off sale first.": "{plan} kaldırılmış değil: önce satıştan çekin.",
    "Holders need {days} days of notice; choose {first} or later.": "Sahiplerine {days} gün önceden haber verilmeli; {first} veya sonrasını seçin.",
    "The change scheduled for {on} ({scheduled_id}) stays, for {plan} is retired; cancel the package or move it to another plan.": "{on} için planlanan değişiklik ({scheduled_id}) kalır, çünkü {plan} kaldırılıyor; paketi iptal edin ya da başka bir pakete geçirin.",
    "The package begins on {on} ({scheduled_id}), after the day of the move.": "Paket {on} tarihinde başlıyor ({scheduled_id}); bu, geçiş gününden sonra.",
    # why something is scheduled
    "{plan} is no longer offered.": "{plan} artık sunulmuyor.",
    # warnings
    "{plan} is free until {on}, and billed from that day on.": "{plan}, {on} tarihine kadar ücretsizdir; o günden itibaren faturalanır.",
    "A newer count is known, which stands.": "Daha yeni bir sayım var; o geçerli.",
    "{in_use} representatives are in use and the package has {representatives}.": "{in_use} temsilci kullanımda, pakette ise {representatives} temsilci var.",
    "On {on} the package goes down to {representatives} representatives, and {in_use} are in use.": "Paket {on} tarihinde {representatives} temsilciye iniyor, oysa {in_use} temsilci kullanımda.",
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
