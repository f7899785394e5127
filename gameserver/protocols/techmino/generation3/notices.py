"""The notice in the language that a client asks for."""

from __future__ import annotations

#: The languages for which a client asks; it shows its player the notice of that one.
LANGUAGES = ("zh_cn", "zh_tw", "en_us")

#: Stands between the texts of a notice in several languages, and between a language and its text.
BETWEEN, IS = "///", "="


def in_language(notice: str, language: str) -> str:
    """Return a notice in a language.

    One in several is written as the clients since 0.16.4 read it, ``zh=...///en=Hello``; a text without ``///`` is
    for everybody. Where there is none in the language, its first letters decide (``en`` for ``en_us``), then English.
    """
    if BETWEEN not in notice:
        return notice
    texts = dict(part.partition(IS)[::2] for part in notice.split(BETWEEN) if IS in part)
    for wanted in (language, language.partition("_")[0], "en"):
        if wanted in texts:
            return texts[wanted].strip()
    return next(iter(texts.values()), notice).strip()
