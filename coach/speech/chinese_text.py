"""Chinese text as it is read aloud: digits, amounts, dates, codes and Latin letters become words.

The result holds Chinese characters, punctuation and stretches of Latin letters (`WiFi`, `V I P`) that the phonemes
read as English.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from coach.speech.chinese_numbers import cardinal, counted, digits

_Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]

_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_CODE_WORDS = (
    r"(?:订单编?号|订单|单号|工号|编号|尾号|卡号|账号|帐号|户号|号码|电话|手机号?|验证码|密码|房间号?|热线|拨打|代码|"
    r"流水号|身份证号?|门牌号?|航班号?|车次|车牌号?|型号|批号|序列号|QQ|群号|邮编|分机)"
)
_MEASURES = (
    r"(?:个|天|次|位|名|件|小时|分钟|秒|周|年|遍|条|张|家|块|元|趟|辆|台|部|种|份|间|箱|包|瓶|双|套|笔|封|人|口|通|道|"
    r"倍|股|斤|公斤|千克|米|公里|升|毫升|厘米|吨|度|点|万|千|亿|百|集|页|顿|层半|者|岁|回|桌|盒|袋|头|只|杯|碗|晚|课|步)"
)
_CURRENCIES = {
    "¥": "元", "￥": "元", "$": "美元", "£": "英镑", "€": "欧元", "RMB": "元",
    "CNY": "元", "USD": "美元", "GBP": "英镑",
}  # fmt: skip
_UNITS = {
    "km/h": "公里每小时", "kg": "公斤", "km": "公里", "cm": "厘米", "mm": "毫米", "ml": "毫升", "mL": "毫升",
    "g": "克", "m": "米", "L": "升", "h": "小时", "min": "分钟", "℃": "摄氏度", "°C": "摄氏度", "°": "度",
    "㎡": "平方米", "m²": "平方米", "Mbps": "兆", "M": "兆", "kWh": "度",
}  # fmt: skip
_HOTLINES = (
    r"110|114|119|120|122|12306|12315|12345|12348|12358|12378|10000|10010|10086|10099|11185|11183|95\d{3}|400\d{7}"
)


_HALF_WIDTH = {ord(c) + 0xFEE0: c for c in "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"}


def readable(text: str) -> str:
    """The text with everything that is not a Chinese word written out as one."""
    text = _half_width(text)
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return re.sub(r"\s+", " ", text).strip()


def _half_width(text: str) -> str:
    """Full-width digits and letters as plain ones; punctuation stays."""
    return text.translate(_HALF_WIDTH)


def _code(number: str) -> str:
    return digits(re.sub(r"\D", "", number), one="幺")


def _phone(match: re.Match[str]) -> str:
    number = match.group()
    return "，".join(_code(part) for part in (number[:3], number[3:7], number[7:]))


def _hotline(match: re.Match[str]) -> str:
    return "，".join(_code(part) for part in re.split(r"[- ]", match.group()))


def _date(match: re.Match[str]) -> str:
    year, month, day = match.groups()
    return f"{digits(year)}年{cardinal(month)}月{cardinal(day)}日"


def _clock(match: re.Match[str]) -> str:
    hour, minute, second = match.groups()
    said = counted(str(int(hour))) + "点"
    if second:
        return f"{said}{cardinal(minute)}分{cardinal(second)}秒"
    if minute == "00":
        return said
    if minute == "30":
        return said + "半"
    return said + ("零" if minute[0] == "0" else "") + cardinal(minute) + ("分" if minute[0] == "0" else "")


def _fraction(match: re.Match[str]) -> str:
    above, below = match.groups()
    if int(above) < int(below):
        return f"{cardinal(below)}分之{cardinal(above)}"
    return f"{cardinal(above)}，{cardinal(below)}"


def _money(match: re.Match[str]) -> str:
    sign, number, scale = match.groups()
    return f"{number}{scale or ''}{_CURRENCIES[sign]}"


def _spelled(match: re.Match[str]) -> str:
    """Capitals are letters one by one; words such as WiFi or iPhone stay words."""
    word = match.group()
    if word in _READ_AS_WORD or (not word.isupper() and len(word) > 1):
        return word
    return " ".join(word)


_READ_AS_WORD = frozenset({"OK", "APP", "VISA", "SIM", "NO", "SORRY", "IKEA", "WIFI"})


def _rule(pattern: str, replacement: Callable[[re.Match[str]], str]) -> _Rule:
    return re.compile(pattern), replacement


_RULES: tuple[_Rule, ...] = (
    # money signs go behind the number first, so that ranges and 万 still work
    _rule(rf"([¥￥$£€]|RMB|CNY|USD|GBP)\s?({_NUMBER})([万亿千])?元?", _money),
    _rule(r"(?<!\d)((?:19|20)\d\d)[-/.](1[0-2]|0?[1-9])[-/.](3[01]|[12]\d|0?[1-9])(?!\d)", _date),
    _rule(r"(?<!\d)([12]\d{3})(?=年(?!前|后|内|以|的?时间|之))", lambda m: digits(m.group(1))),
    _rule(r"(?<![\d:])([01]?\d|2[0-4])[:：]([0-5]\d)(?:[:：]([0-5]\d))?(?!\d)", _clock),
    _rule(r"(?<=[点半分])\s?[-–—~～]\s?(?=[零一二三四五六七八九十两]+点)", lambda _: "到"),
    # telephones and codes: digit by digit
    _rule(r"(?<!\d)1[3-9]\d{9}(?!\d)", _phone),
    _rule(r"(?<!\d)(?:[48]00[- ]?\d{3}[- ]?\d{4}|0\d{2,3}-\d{7,8})(?!\d)", _hotline),
    _rule(rf"(?<![\d.])(?:{_HOTLINES})(?!\d|[.%％元块天个件位人次名多余万]|\.\d)", lambda m: _code(m.group())),
    _rule(rf"({_CODE_WORDS}(?:是|为|[:：])?\s?[A-Za-z]*-?)(\d[\d-]*\d|\d)(?![\d.]*[个天次元块件位笔])",
          lambda m: m.group(1) + _code(m.group(2))),
    _rule(r"(?<=[A-Za-z])-?(\d{3,})(?![\d.])", lambda m: _code(m.group(1))),
    _rule(r"(?<![\d.,])(\d{7,})(?![\d.,]*[元块万亿人个美英欧次])(?!\d|\.\d)", lambda m: _code(m.group(1))),
    _rule(r"(?<![\d.])(0\d+)(?!\d|\.\d)", lambda m: _code(m.group(1))),
    # relations between numbers
    _rule(rf"({_NUMBER})\s?[%％]\s?[-–—~～至到]\s?({_NUMBER})\s?[%％]",
          lambda m: f"百分之{cardinal(m.group(1))}到百分之{cardinal(m.group(2))}"),
    _rule(rf"({_NUMBER})\s?[-–—~～]\s?({_NUMBER})\s?[%％]",
          lambda m: f"百分之{cardinal(m.group(1))}到{cardinal(m.group(2))}"),
    _rule(rf"({_NUMBER})\s?[%％]", lambda m: "百分之" + cardinal(m.group(1))),
    _rule(rf"({_NUMBER})\s?‰", lambda m: "千分之" + cardinal(m.group(1))),
    _rule(r"(?<![\d.])(\d{1,3})/(\d{1,4})(?![\d.])", _fraction),
    _rule(rf"(?<=\d)\s?[-–—~～]\s?(?={_NUMBER}\s?{_MEASURES})", lambda _: "到"),
    _rule(r"(?<![\d\w])[-−](?=\d)", lambda _: "负"),
    # units and discounts
    _rule(rf"({_NUMBER})\s?(km/h|kg|km|cm|mm|ml|mL|Mbps|kWh|m²|min|℃|°C|°|㎡|g|m|L|h|M)(?![A-Za-z])",
          lambda m: counted(m.group(1)) + _UNITS[m.group(2)]),
    _rule(r"(?<!\d)(\d\d)折", lambda m: digits(m.group(1).rstrip("0")) + "折"),
    _rule(rf"({_NUMBER})折", lambda m: cardinal(m.group(1)) + "折"),
    # how many: 两 before a measure word, 二 in ordinals, dates and floors
    _rule(r"第(\d+)", lambda m: "第" + cardinal(m.group(1))),
    _rule(rf"({_NUMBER})(?=[多余来几]?{_MEASURES})", lambda m: counted(m.group(1))),
    _rule(_NUMBER, lambda m: cardinal(m.group())),
    # signs
    _rule(r"(?<=\S)\s?[&＆]\s?(?=\S)", lambda _: "和"),
    _rule(r"\s?[=＝]\s?", lambda _: "等于"),
    _rule(r"\s?[×]\s?", lambda _: "乘"),
    _rule(r"\s?[+＋]\s?", lambda _: "加"),
    _rule(r"@", lambda _: " at "),
    _rule(r"№|#", lambda _: ""),
    _rule(r"(?<=[元块次个])/(?=[月年天次人个晚周])", lambda _: "每"),
    _rule(r"(?<=[\u4e00-\u9fff])/(?=[\u4e00-\u9fff])", lambda _: "，"),
    _rule(r"[A-Za-z]+", _spelled),
)  # fmt: skip
