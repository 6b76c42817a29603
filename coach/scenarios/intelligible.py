"""Whether words mean anything on a telephone line: nods, goodbyes, and what nobody could make sense of.

Looked at without knowing the case. It is meant to be slow to judge: a sentence of ordinary length that the reader found
nothing in is the reader's miss, not the trainee's nonsense.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_LETTER = re.compile(r"\w")
_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_NOT_A_LETTER = re.compile(r"[\W_]+")

_CODE = re.compile(
    r"</?[a-z][^<>]*>|\{\{|\}\}|\$\{|=>|[;{}]\s*$|\bselect\b.+\bfrom\b|\b(?:function|console|document|import|def|var)\b"
    r"\s*[\w.]*\s*[(={]|drop table|&[a-z]+;|%[sdn]\b|^\s*(?:null|undefined|nan|-?\d+(?:e\d+)?)\s*$"
)
_LAUGHTER = re.compile(r"(?:哈|呵|嘿|嘻|嘎|233+|6{3,}|h+a+|h+e+h+e+|l+o+l+|l+m+a+o+|x+d+|r+o+f+l+)+h*")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# As people say them alone; compared without marks and spaces.
_NODS = _words(
    "好 好的 好好 好吧 好啊 好的好的 嗯 嗯嗯 嗯好 嗯好的 哦 噢 喔 对 对的 对对 是 是的 是啊 行 行的 可以 没错 明白 "
    "明白了 我明白 我明白了 我知道 知道了 我知道了 了解 了解了 我了解 收到 当然 当然可以 没问题 不客气 谢谢 谢谢您 "
    "嗯嗯好的 好的明白 好的好的明白 是的是的 ok okay yes yeah yep yup right sure fine mm mhm mmhmm uhhuh isee "
    "ofcourse certainly absolutely gotit understood allright alright noted iunderstand iknow indeed yesisee okisee "
    "okayisee yesofcourse rightisee thankyou thanks noproblem yesiunderstand okaysure goodpoint"
)
_PARTING = re.compile(
    r"(?:(?:好|好的|好吧|行|嗯|那|那就|就|先|这样|就这样|那先这样|先这样|您|你|谢谢|谢谢您|感谢|来电|祝您|生活愉快|我|挂了?|了|吧|啊|哈|"
    r"拜|拜拜|再见|再会|回见|晚安|谢谢来电|感谢来电|的|祝|愉快|拨打|有)+"
    r"|(?:ok|okay|right|well|so|alright|allright|then|thanks|thankyou|thankyoufor|calling|yourcall|bye|byebye|goodbye|"
    r"cheerio|cheers|seeyou|seeya|later|takecare|havea|nice|good|great|lovely|day|evening|rest|of|the|your|now|for|"
    r"im|i'm|hangingup|gottogo|mustgo|haveto|go|sorry)+)"
)
_BYE = re.compile(r"再见|再会|拜拜|拜{1,2}$|回见|挂了|晚安|bye|cheerio|seeya|seeyou|takecare|hangingup|gottogo|mustgo")

# What hardly any sentence on a service line does without.
_COMMON_HAN = frozenset(
    "的一是不了在人有我他这中大来上个到说们为子和你地出也时那要就下以会可去得还自没看好后现过么里用能对开当只给者吗"
    "您请帮问查等办天钱事电话单号今明点分钟退修送赔款想知道理解谢抱歉对起很都让把被从再先核处行家什怎样几谁呢吧啊"
)
_SERVICE_HAN = re.compile(
    r"[您你咱这那查办帮问等请对是行嗯噢哦啊喂退修送赔款单号今明点钟分到吗呢吧谁哪怎稍没看听说记给马找处核联转回话好了真太哎唉呀难]"
)
_COMMON_WORDS = _words(
    "a about again all am an and any are as at be been but by call can check could day did do does done for from get "
    "give go going got had has have he help her here him his hold how i i'd i'll i'm i've if in is it it's just know "
    "let let's like look me minute moment more my name need no not now of off ok okay on one or our out over please "
    "put right say see she so some sorry take tell than thank thanks that that's the their them then there they this "
    "time to up us was we we'll we're we've well were what what's when where which who why will with would yes you "
    "you're your today tomorrow"
)
_SERVICE_WORDS = _COMMON_WORDS - _words(
    "a about all am an and any as at but by day for go going got i i'd i'm i've in is like my of on or over so some "
    "than the to up with need more know"
) | _words(
    "hello hi really sure course morning afternoon bear wait afraid carry continue listening goodness oh dear gosh "
    "fair enough taken mr mrs ms madam sir"
)

SHORT_HAN = 8  # characters
SHORT_WORDS = 3
_LEAST_COMMON = 0.1  # share of a long text


def is_nod(words: str) -> bool:
    """Whether plain words are no more than "I see"."""
    return _NOT_A_LETTER.sub("", words) in _NODS


def is_goodbye(words: str) -> bool:
    """Whether plain words do nothing but take leave."""
    letters = re.sub(r"[^\w']+|_", "", words)
    return bool(_BYE.search(letters) and _PARTING.fullmatch(letters))


def is_unintelligible(words: str, language: str) -> bool:
    """Whether somebody who speaks the language (zh or en) could make nothing of plain words on this line.

    Ask only about words in which nothing was found: it does not know the case.
    """
    if _CODE.search(words):
        return True
    letters = "".join(_LETTER.findall(words)).replace("_", "")
    if not letters:
        return bool(words.strip())
    if _LAUGHTER.fullmatch(letters) or _is_one_thing_over_and_over(letters):
        return True
    if is_nod(words):
        return False
    return _means_nothing_in_chinese(letters) if language == "zh" else _means_nothing_in_english(words)


def _is_one_thing_over_and_over(letters: str) -> bool:
    return len(letters) >= 5 and len(set(letters)) <= max(2, len(letters) // 12)


def _means_nothing_in_chinese(letters: str) -> bool:
    han = _HAN.findall(letters)
    if not han:
        return True  # figures and Latin letters alone
    if len(letters) <= SHORT_HAN:
        return not _SERVICE_HAN.search(letters)
    return _share(han, _COMMON_HAN) < _LEAST_COMMON


def _means_nothing_in_english(words: str) -> bool:
    found = _WORD.findall(words)
    if not found:
        return True
    if len(found) <= SHORT_WORDS:
        return _SERVICE_WORDS.isdisjoint(found)
    return _share(found, _COMMON_WORDS) < _LEAST_COMMON


def _share(found: Sequence[str], known: frozenset[str]) -> float:
    return sum(one in known for one in found) / len(found)
