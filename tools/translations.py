"""Keep the sentences of the pages in three languages.

    python tools/translations.py update    extract from code and templates, bring both catalogues up to date
    python tools/translations.py extract   only list what is in the sources and not translated
    python tools/translations.py compile   write the .mo files (made at build time, never committed)
    python tools/translations.py check     fail when anything is missing, unsure, out of date or wrongly filled in

The source language is English. Simplified Chinese, `zh_Hans/LC_MESSAGES/messages.po`, is written by people. Traditional
Chinese is derived from it by OpenCC (Taiwan, with phrases); beside the catalogues, `zh_Hant.phrases.tsv` holds phrases
and `zh_Hant.overrides.po` whole sentences that read better otherwise; both win. So only one catalogue needs writing.
"""

from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "coach" / "web" / "translations"
HANS = TRANSLATIONS / "zh_Hans" / "LC_MESSAGES" / "messages.po"
HANT = TRANSLATIONS / "zh_Hant" / "LC_MESSAGES" / "messages.po"
OVERRIDES = TRANSLATIONS / "zh_Hant.overrides.po"
PHRASES = TRANSLATIONS / "zh_Hant.phrases.tsv"
PRIVATE_USE = 0xE000
QUOTATION_MARKS = str.maketrans("“”‘’", "「」『』")
KEYWORDS = {"_": None, "_l": None, "N_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
UNSTEADY = re.compile(
    r'^"(?:POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Report-Msgid-Bugs-To|Language-Team): .*\n',
    re.MULTILINE,
)
HEADER = "# The sentences of Coach. Kept by tools/translations.py.\n"


def main(arguments: list[str]) -> int:
    commands = {"extract": extract, "update": update, "compile": compile_all, "check": check}
    if len(arguments) != 1 or arguments[0] not in commands:
        print(__doc__, file=sys.stderr)
        return 2
    return commands[arguments[0]]()


# ---- commands ----


def extract() -> int:
    known = {message.id for message in load(HANS, "zh_Hans") if message.id and message.string and not message.fuzzy}
    missing = [message for message in extracted() if message.id and message.id not in known]
    for message in missing:
        print(f"{where(message)}: {message.id}")
    print(f"{len(missing)} not translated")
    return 0


def update() -> int:
    source = extracted()
    hans = brought_up_to_date(load(HANS, "zh_Hans"), source)
    save(HANS, hans)
    save(HANT, derived(hans))
    empty = [message for message in hans if message.id and not is_translated(message)]
    print(f"translations: {len(hans)} sentences, {len(empty)} to write in {HANS.relative_to(ROOT)}")
    return 0


def compile_all() -> int:
    for path in (HANS, HANT):
        locale = path.parent.parent.name
        target = path.with_suffix(".mo")
        with target.open("wb") as file:
            write_mo(file, load(path, locale))
    return 0


def check() -> int:
    """Prints each finding; exit code 1 if there is any."""
    source = extracted()
    hans, hant = load(HANS, "zh_Hans"), load(HANT, "zh_Hant")
    findings = [
        *stale(source, hans),
        *unfinished("zh_Hans", hans),
        *unfinished("zh_Hant", hant),
        *wrong_placeholders("zh_Hans", hans),
        *wrong_placeholders("zh_Hant", hant),
        *against_derivation(hans, hant),
        *idle_overrides(hans),
    ]
    for finding in findings:
        print(finding)
    if findings:
        print(f"{len(findings)} findings; run: python tools/translations.py update, then write what is empty")
        return 1
    print(f"translations: {len(hans)} sentences in zh_Hans and zh_Hant, complete")
    return 0


# ---- catalogues ----


def extracted() -> Catalog:
    """All marked sentences of code and templates, in a steady order, without line numbers (they would change daily)."""
    methods, options = read_mapping()
    catalog = Catalog(charset="utf-8")
    for folder in ("coach", "templates"):
        found = extract_from_dir(ROOT / folder, prefixed(methods, folder), prefixed_options(options, folder), KEYWORDS)
        for name, _line, text, _comments, context in found:
            catalog.add(text, None, [(f"{folder}/{name}", 0)], context=context)
    return catalog


def read_mapping() -> tuple[list[tuple[str, str]], dict[str, dict[str, str]]]:
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    return methods, options


def prefixed(methods: list[tuple[str, str]], folder: str) -> list[tuple[str, str]]:
    """Patterns of babel.cfg are from the root; Babel matches them from the folder that is walked."""
    return [(p.removeprefix(f"{folder}/"), method) for p, method in methods if p.startswith(f"{folder}/")]


def prefixed_options(options: dict[str, dict[str, str]], folder: str) -> dict[str, dict[str, str]]:
    return {p.removeprefix(f"{folder}/"): o for p, o in options.items() if p.startswith(f"{folder}/")}


def load(path: Path, locale: str) -> Catalog:
    if not path.exists():
        return Catalog(locale=locale, charset="utf-8", header_comment=HEADER)
    with path.open("rb") as file:
        return read_po(file, locale=locale, charset="utf-8")


def save(path: Path, catalog: Catalog) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=120, omit_header=False, sort_output=True, ignore_obsolete=True, no_location=False)
    # Dates in the header would make every update a change.
    text = path.read_text(encoding="utf-8")
    text = UNSTEADY.sub("", text)
    text = re.sub(r"^(#: .*)$", lambda line: line[1].replace(":0", ""), text, flags=re.MULTILINE)
    path.write_text(text, encoding="utf-8")


def fresh(locale: str) -> Catalog:
    return Catalog(
        locale=locale, project="Coach", version="1", charset="utf-8", header_comment=HEADER.rstrip(), fuzzy=False
    )


def brought_up_to_date(old: Catalog, source: Catalog) -> Catalog:
    """The sentences of the source with the translations we have. No guesses: a changed sentence is a new one."""
    new = fresh("zh_Hans")
    for message in source:
        if message.id:
            kept = old.get(message.id, message.context)
            string = kept.string if kept is not None and not kept.fuzzy else ""
            new.add(message.id, string, sorted(set(message.locations)), context=message.context)
    return new


def derived(hans: Catalog) -> Catalog:
    overrides = load(OVERRIDES, "zh_Hant")
    new = fresh("zh_Hant")
    for message in hans:
        if message.id:
            new.add(message.id, hant_of(message, overrides), message.locations, context=message.context)
    return new


def hant_of(message: Message, overrides: Catalog) -> object:
    own = overrides.get(message.id, message.context)
    if own is not None and is_translated(own):
        return own.string
    if isinstance(message.string, (tuple, list)):
        return tuple(traditional(text) for text in message.string)
    return traditional(message.string)


def traditional(text: str) -> str:
    """s2twp, but for our own phrases, then the quotation marks that traditional Chinese uses."""
    own = phrases()
    for place, (hans, _) in enumerate(own):
        text = text.replace(hans, chr(PRIVATE_USE + place))
    text = converter().convert(text).translate(QUOTATION_MARKS)
    for place, (_, hant) in enumerate(own):
        text = text.replace(chr(PRIVATE_USE + place), hant)
    return text


@cache
def phrases() -> tuple[tuple[str, str], ...]:
    """Simplified and traditional phrases, longest first. OpenCC does not see them: it would change some again."""
    lines = PHRASES.read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if line.strip() and not line.startswith("#"))
    return tuple(sorted(((hans, hant) for hans, hant in pairs), key=lambda pair: -len(pair[0])))


@cache
def converter():  # type: ignore[no-untyped-def]  # opencc has no types
    from opencc import OpenCC

    return OpenCC("s2twp")


# ---- findings ----


def is_translated(message: Message) -> bool:
    texts = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return bool(texts) and all(texts)


def where(message: Message) -> str:
    return message.locations[0][0] if message.locations else "?"


def stale(source: Catalog, hans: Catalog) -> list[str]:
    wanted = {(m.id, m.context) for m in source if m.id}
    held = {(m.id, m.context) for m in hans if m.id}
    new = [f"not in the catalogue: {id!r}" for id, _ in sorted(wanted - held, key=str)]
    gone = [f"no longer in the sources: {id!r}" for id, _ in sorted(held - wanted, key=str)]
    return new + gone


def unfinished(name: str, catalog: Catalog) -> list[str]:
    return [
        f"{name}: {'unsure (fuzzy)' if m.fuzzy else 'missing'}: {m.id!r} ({where(m)})"
        for m in catalog
        if m.id and (m.fuzzy or not is_translated(m))
    ]


def wrong_placeholders(name: str, catalog: Catalog) -> list[str]:
    findings = []
    for message in catalog:
        if not message.id or not is_translated(message):
            continue
        source = message.id[-1] if isinstance(message.id, (tuple, list)) else message.id
        texts = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        wanted = set(PLACEHOLDER.findall(source))
        findings += [
            f"{name}: other placeholders than {message.id!r}: {t!r}"
            for t in texts
            if set(PLACEHOLDER.findall(t)) != wanted
        ]
    return findings


def against_derivation(hans: Catalog, hant: Catalog) -> list[str]:
    wanted = {m.id: m.string for m in derived(hans) if m.id}
    held = {m.id: m.string for m in hant if m.id}
    return [
        f"zh_Hant is not what it would be derived as: {id!r}"
        for id in sorted(wanted, key=str)
        if held.get(id) != wanted[id]
    ]


def idle_overrides(hans: Catalog) -> list[str]:
    known = {m.id for m in hans if m.id}
    return [
        f"an override for a sentence that is gone: {m.id!r}"
        for m in load(OVERRIDES, "zh_Hant")
        if m.id and m.id not in known
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
