"""Which field a column heading means.

First by the exact wording, then by the heading together with the group above it, then by words in it. A heading about
somebody else (next of kin, previous surname, the doctor) maps to nothing: a wrong column is worse than a missing one.
"""

import re
from functools import lru_cache
from typing import Final

from caller_app.domain.text import words

EXACT, GROUPED, LIKELY = 3, 2, 1

_EXACT: Final = {
    "nhs_number": "nhs number|nhs no|nhs num|nhsno|nhsnumber|nhs|nhs nbr|nhs id|patient nhs number|pt nhs number"
    "|nhs numb",
    "given_name": "given name|given names|forename|forenames|first name|firstname|christian name|patient forename"
    "|pt forename"
    "|first names|forename s|fname",
    "family_name": "family name|surname|last name|lastname|patient surname|pt surname|lname|sname",
    "dob": "dob|d o b|date of birth|birth date|birthdate|dateofbirth|patient dob|pt dob|born|date birth",
    "sex": "sex|gender|sex gender|gender sex|m f",
    "practice_ods": "practice code|gp practice code|surgery code|gp code|ods code|ods|practice ods|practice ods code"
    "|gp ods code"
    "|registered practice code|practicecode|organisation code|prac code|national practice code",
    "practice_name": "practice name|gp practice|gp practice name|surgery|surgery name|practice|gp surgery"
    "|registered practice"
    "|registered practice name|practicename|prac name|name of practice|gp surgery name",
    "phone_mobile": "mobile|mobile phone|mobile number|mobile no|mobile tel|mobile telephone|tel mob|tel mobile|mob"
    "|mob no"
    "|mob tel|cell|cell phone|cellphone|mobile phone number|mobile telephone number|phone mobile|telephone mobile"
    "|mob number",
    "phone_home": "home phone|home tel|home telephone|home number|tel home|home phone number|home telephone number"
    "|landline|phone home|telephone home|home tel no|home no|land line",
    "phone_work": "work phone|work tel|work telephone|work number|tel work|work phone number|work telephone number"
    "|phone work"
    "|telephone work|business phone|work tel no|work no|daytime phone|daytime tel",
    "phone_other": "other phone|other tel|other telephone|alternative phone|alternative number|phone 2|telephone 2"
    "|tel 2|other number|phone other|phone 1|telephone 1|tel 1|contact phone|contact tel|contact telephone|tel"
    "|telephone|phone|telephone number|phone number|tel no|tel number|phone no|telephone no|contact number|contact no",
    "text_consent": "text consent|ok to text|txt consent|txt consent y n|text consent y n|sms consent|consent to text"
    "|sms ok"
    "|consent for sms|consent to sms|text ok|ok to txt|ok to sms|text message consent|sms consent y n|texting consent",
    "address_line_1": "address line 1|address 1|addr 1|addr1|address1|add1|add 1|address|full address|home address"
    "|house flat"
    "|house name|premises|house|address ln 1|addr line 1|house name number|house number name|patient address"
    "|flat house",
    "address_line_2": "address line 2|address 2|addr 2|addr2|address2|add2|add 2|street|road|number and street"
    "|addr line 2"
    "|house number and street|address ln 2",
    "address_line_3": "address line 3|address 3|addr 3|addr3|address3|add3|add 3|locality|village|district|addr line 3"
    "|address ln 3",
    "address_line_4": "address line 4|address 4|addr 4|addr4|address4|add4|add 4|town|city|post town|town city"
    "|addr line 4"
    "|address ln 4",
    "address_line_5": "address line 5|address 5|addr 5|addr5|address5|add5|add 5|county|addr line 5|address ln 5",
    "postcode": "postcode|post code|postal code|pcode|p code|home postcode|patient postcode|zip",
    "language": "language|main language|main lang|preferred language|first language|spoken language"
    "|main spoken language|lang"
    "|language spoken",
    "interpreter": "interpreter|interpreter needed|interpreter required|interp|interp needed|interpreter y n"
    "|needs interpreter"
    "|interp req|interpreter req|interpreter need",
    "communication_needs": "communication needs|communication need|ais|accessible info needs"
    "|accessible information needs"
    "|accessible information|accessible information standard|ais needs|comm needs|comms needs|communication"
    "|accessibility needs"
    "|accessible info|ais need|reasonable adjustments",
    "sensitive": "sensitive|sensitive record|s flag|sflag|pds sensitive|sensitive flag|pds s flag|pds sensitive flag"
    "|restricted",
    "deceased": "deceased|dec d|deceased flag|decd|died|dead|date of death|dod|d o d|death date|deceased date|rip|death"
    "|deceased y n",
    "opt_out": "opt out|opted out|do not contact|optout|dissent|opt out flag|dnc|opted out y n|contact opt out"
    "|opt out y n"
    "|do not call|objected|dissented|opt outs",
    "imd_quintile": "imd quintile|imd q|imd|deprivation quintile|imd quint|imdq|deprivation|quintile",
    "ethnic_code": "ethnic code|ethnic category|ethnic cat|ethnicity|ethnicity code|ethnic group|ethnic category code"
    "|ethnic",
    "risk_score": "risk score|phm risk|risk|phm risk score|risk stratification score|risk stratification",
    "fit_note_date": "fit note date|last fit note|fit note|latest fit note|last fit note date|date of fit note"
    "|med3 date",
    "ltc_count": "ltc count|ltc|ltcs|number of ltcs|no of ltcs|long term conditions|ltc number"
    "|long term condition count",
    "smi_register": "smi register|smi reg|smi|on smi register|smi flag|smi y n|serious mental illness register",
    "carer_flag": "carer|carer flag|is carer|is a carer|carer y n|carer status|unpaid carer",
    "flu_given_date": "flu given date|flu last given|last flu|flu date|flu vacc date|flu vaccine date"
    "|last flu vaccination|flu given"
    "|last flu date|flu vaccination date|date of last flu",
    "covid_given_date": "covid given date|covid last given|last covid|covid date|covid vacc date|covid vaccine date"
    "|covid given"
    "|last covid vaccination|covid 19 last given|last covid date|covid vaccination date|covid 19 date",
    "flu_risk_group": "flu risk group|flu risk grp|flu risk|flu at risk|at risk group|flu at risk group|flu risk flag",
    "care_home": "care home|care home resident|in care home|carehome|care home flag|resident in care home"
    "|care home y n",
    "housebound": "housebound|house bound|housebound flag|is housebound|housebound y n",
    "pregnant": "pregnant|pregnancy|currently pregnant|pregnant y n|pregnant flag",
    "hba1c_mmol_mol": "hba1c mmol mol|hba1c|hba1c result|hba1c value|latest hba1c|last hba1c|hba1c ifcc|hba1c mmol"
    "|hba1c level"
    "|hba1c result mmol mol|latest hba1c mmol mol",
    "hba1c_percent": "hba1c percent|hba1c per cent|hba1c dcct",
    "hba1c_date": "hba1c date|date of hba1c|hba1c test date|latest hba1c date|hba1c result date|last hba1c date"
    "|hba1c taken",
    "fpg_mmol_l": "fpg mmol l|fpg|fasting glucose|fasting glucose mmol l|fasting plasma glucose"
    "|fasting plasma glucose mmol l"
    "|fpg result|glucose fasting",
    "bmi": "bmi|body mass index|latest bmi|bmi kg m2|bmi value|last bmi",
    "gdm_history": "gdm history|gestational diabetes history|gestational diabetes|prev gdm|previous gdm|gdm"
    "|history of gdm|hx gdm",
    "has_htn": "has htn|hypertension|htn|hypertensive|hypertension y n|htn y n|has hypertension"
    "|on hypertension register",
}
_BY_WORDING: Final = {wording: field for field, wordings in _EXACT.items() for wording in wordings.split("|")}

# Good only where no heading is surer: shorter, rarer, or now and then used for something else.
_ALSO: Final = {
    "nhs_number": "n h s no|n h s number|n h s num",
    "given_name": "name first|given",
    "family_name": "sur name|familyname|name last|name surname",
    "practice_ods": "reg d practice code|org code|practice id|ods practice|gp id",
    "practice_name": "name of surgery|registered gp practice|name of gp practice|registered surgery",
    "phone_mobile": "mobile contact|mob phone",
    "phone_home": "tel h|house phone|phone h",
    "phone_work": "tel w|business tel|phone w|tel work no",
    "phone_other": "alt tel|alt phone|alternative tel|alternative telephone|phone number s|telephone main|main phone"
    "|main tel|preferred phone|preferred tel|preferred number|additional phone|best contact number|alt number",
    "text_consent": "happy to text|sms|text|ok for sms|consent text|consent sms",
    "address_line_1": "line 1|house no|house number",
    "address_line_2": "number street|no and street|street name|line 2",
    "address_line_3": "line 3",
    "address_line_4": "line 4",
    "address_line_5": "line 5",
    "language": "1st language|mother tongue|pref lang|pref language|preferred lang",
    "interpreter": "interp required|needs interp|interpreting",
    "communication_needs": "accessibility|access info needs|communication requirements|ais comms|ais flag"
    "|additional needs|accessible needs|ais requirements|access needs",
    "sensitive": "restricted record|pds flag|sens|sens flag|sensitive patient|restricted patient|vip flag",
    "deceased": "is deceased|passed away|patient deceased",
    "opt_out": "objection|objections|not to be contacted|declined contact|no contact|contact declined|do not ring"
    "|type 1 opt out|ndoo|withdrawn consent|objects|excluded|do not phone|refused contact",
    "imd_quintile": "imd 1 5|dep quintile|deprivation q",
    "ethnic_code": "eth code|ethnic origin|eth|eth cat|eth category|eth group",
    "risk_score": "phm score|risk strat|risk 0 1|phm|population health risk",
    "fit_note_date": "date of last fit note|fitnote date|fit note last issued|last fitnote|fitnote",
    "ltc_count": "ltc no|number of long term conditions|no of ltc|ltc cnt|ltcs count|no of long term conditions",
    "carer_flag": "registered carer|carer register",
    "flu_given_date": "last flu vacc|flu vacc|last flu jab|flu jab",
    "covid_given_date": "last covid vacc|covid vacc|last covid jab|covid jab|last covid booster|covid booster",
    "flu_risk_group": "in flu risk group|clinical risk group|flu risk gp|at risk|risk group",
    "care_home": "res home|lives in care home|residential home",
    "housebound": "housebnd|hsebound",
    "pregnant": "preg|is pregnant",
    "hba1c_mmol_mol": "hba1c latest|hba1c lvl|hba1c last",
    "fpg_mmol_l": "fasting gluc|fasting glu|fasting plasma gluc|fasting blood glucose|fbg",
    "gdm_history": "gdm hx|gest diabetes|past gdm|history of gestational diabetes|h o gdm|gestational diabetes hx"
    "|hx gestational diabetes|prior gdm",
    "has_htn": "htn reg|on htn register|htn register|high bp|hypertension register|high blood pressure|htn flag",
}
_LESS_SURE: Final = {wording: field for field, wordings in _ALSO.items() for wording in wordings.split("|")}
# What a heading of one word means when no group stands above it.
_ALONE: Final = {"home": "phone_home", "work": "phone_work", "first": "given_name", "family": "family_name"}
# Spellings of the same word, looked at when the heading as written says nothing.
_SPELLINGS: Final = (
    (re.compile(r"\bdt\b"), "date"),
    (re.compile(r"\bhb a1c\b"), "hba1c"),
    (re.compile(r"\bcovid ?19\b"), "covid"),
    (re.compile(r"\b(vaccination|vaccine|vaccinated|vacs|vac|imms|imm)\b"), "vacc"),
    (re.compile(r"\b(add?r?e?s?s?) ?line ?([1-5])\b"), r"address line \2"),
    (re.compile(r"\b(reqd|req d|req)\b"), "required"),
    (re.compile(r"\binterp\b"), "interpreter"),
    (re.compile(r" (y n|yes no|flag|indicator|ind)$"), ""),
)

# (words in the group above, heading) -> field. Short headings mean something only under their group.
_GROUPS: Final = (
    (re.compile(r"practice|surgery|\bgp\b"), re.compile(r"(ods )?code|ods|number"), "practice_ods"),
    (re.compile(r"practice|surgery|\bgp\b"), re.compile(r"name|practice"), "practice_name"),
    (re.compile(r"hba1c"), re.compile(r"result|value|level|reading|(result )?mmol mol|result value"), "hba1c_mmol_mol"),
    (re.compile(r"hba1c"), re.compile(r"per ?cent|dcct"), "hba1c_percent"),
    (re.compile(r"hba1c"), re.compile(r"(test |result )?date|taken|date taken|when"), "hba1c_date"),
    (re.compile(r"fpg|fasting"), re.compile(r"result|value|level|(result )?mmol l"), "fpg_mmol_l"),
    (re.compile(r"phone|\btel\b|contact"), re.compile(r"home|land ?line|main|number"), "phone_home"),
    (re.compile(r"phone|\btel\b|contact"), re.compile(r"work|business|daytime"), "phone_work"),
    (re.compile(r"phone|\btel\b|contact"), re.compile(r"mobile|mob|cell"), "phone_mobile"),
    (re.compile(r"phone|\btel\b|contact"), re.compile(r"other|alternative|2"), "phone_other"),
    (re.compile(r"address"), re.compile(r"(line )?1|house.*|premises|flat.*"), "address_line_1"),
    (re.compile(r"address"), re.compile(r"(line )?2|street|road"), "address_line_2"),
    (re.compile(r"address"), re.compile(r"(line )?3|locality|village"), "address_line_3"),
    (re.compile(r"address"), re.compile(r"(line )?4|town|city"), "address_line_4"),
    (re.compile(r"address"), re.compile(r"(line )?5|county"), "address_line_5"),
    (re.compile(r"\bflu\b"), re.compile(r"date|given|last given|date given|last"), "flu_given_date"),
    (re.compile(r"covid"), re.compile(r"date|given|last given|date given|last"), "covid_given_date"),
    (re.compile(r"patient|person|name"), re.compile(r"first|fore|given"), "given_name"),
    (re.compile(r"patient|person|name"), re.compile(r"last|family|sur"), "family_name"),
)
# Headings about somebody or something else; only the exact wordings above pass by this.
_OTHERS: Final = re.compile(
    r"\b(next of kin|nok|kin|emergency|mother\w*|father\w*|parent\w*|guardian|spouse|partner\w*|carers?|relative|proxy"
    r"|previous|prev|former|old|maiden|alias|known as|preferred name|middle|usual gp|doctor|clinician|gp name|user"
    r"|created|updated|extract\w*|count|date registered|registration|reg|due|expir\w*|target|invite\w*|letter|notes?"
    r"|comments?|reason|source|verified|status|type|fax|email|e mail|baby|child\w*|household|declin\w*"
    r"|refus\w*|batch|site|time)\b"
)
_LIKELY: Final = (
    (re.compile(r"\bnhs\b.*\b(no|num|number|id)\b"), "nhs_number"),
    (re.compile(r"\b(dob|d o b|birth ?date|date of birth)\b"), "dob"),
    (re.compile(r"\b(surname|family name|last name)\b"), "family_name"),
    (re.compile(r"\b(forenames?|given names?|first names?)\b"), "given_name"),
    (re.compile(r"\b(practice|surgery|gp)\b.*\b(code|ods)\b|\bods\b.*\bcode\b"), "practice_ods"),
    (re.compile(r"\b(practice|surgery)\b.*\bname\b"), "practice_name"),
    (
        re.compile(
            r"\b(text|txt|sms)\b.*\b(consent|ok|agreed|permission)\b|\b(consent|ok|permission)\b.*\b(text|txt|sms)\b"
        ),
        "text_consent",
    ),
    (re.compile(r"\b(mobile|mob|cell)\b"), "phone_mobile"),
    (re.compile(r"\bwork\b.*\b(tel|phone|telephone|no|number)\b|\b(tel|phone|telephone)\b.*\bwork\b"), "phone_work"),
    (
        re.compile(r"\b(home|landline)\b.*\b(tel|phone|telephone|no|number)\b|\b(tel|phone|telephone)\b.*\bhome\b"),
        "phone_home",
    ),
    (re.compile(r"\b(post ?code|postal code)\b"), "postcode"),
    (re.compile(r"\binterpreter\b"), "interpreter"),
    (re.compile(r"\b(main|spoken|preferred|first)\b.*\blang(uage)?\b"), "language"),
    (re.compile(r"\b(accessible info\w*|communication needs?)\b"), "communication_needs"),
    (re.compile(r"\b(deceased|date of death)\b"), "deceased"),
    (re.compile(r"\b(opt(ed)? ?out|do not contact|dissent)\b"), "opt_out"),
    (re.compile(r"\b(s flag|sensitive)\b"), "sensitive"),
    (re.compile(r"\b(imd|deprivation)\b.*\bquintile\b"), "imd_quintile"),
    (re.compile(r"\bethnic(ity)?\b.*\b(code|category|group)\b"), "ethnic_code"),
    (re.compile(r"\b(sex|gender)\b"), "sex"),
    (re.compile(r"\baddress( line)? 1\b|\bfirst line of address\b|\bhouse\b.*\b(name|number)\b"), "address_line_1"),
    (re.compile(r"\baddress( line)? 2\b"), "address_line_2"),
    (re.compile(r"\baddress( line)? 3\b"), "address_line_3"),
    (re.compile(r"\baddress( line)? 4\b"), "address_line_4"),
    (re.compile(r"\baddress( line)? 5\b"), "address_line_5"),
    (re.compile(r"\b(full|home|patient) address\b"), "address_line_1"),
    (re.compile(r"\bhba1c\b.*\bdate\b|\bdate\b.*\bhba1c\b"), "hba1c_date"),
    (re.compile(r"\bhba1c\b.*\b(mmol|result|value|level|ifcc)\b"), "hba1c_mmol_mol"),
    (re.compile(r"\bflu\b.*\b(date|given)\b|\bdate\b.*\bflu\b"), "flu_given_date"),
    (re.compile(r"\bcovid\b.*\b(date|given)\b|\bdate\b.*\bcovid\b"), "covid_given_date"),
    (re.compile(r"\bfit note\b.*\bdate\b|\bdate\b.*\bfit note\b"), "fit_note_date"),
    (re.compile(r"\bbmi\b"), "bmi"),
)


@lru_cache(maxsize=4_096)
def match_heading(heading: str, above: str | None) -> tuple[str, int] | None:
    """The field a heading means and how sure that is (EXACT, GROUPED, LIKELY); None when it means none."""
    text = words(heading)
    if not text or len(text) > 80:
        return None
    percent = "%" in heading
    group = "" if above is None else words(above)
    if group:
        for group_words, heading_words, field in _GROUPS:
            if group_words.search(group) and heading_words.fullmatch(text):
                return _unit(field, percent), GROUPED + EXACT
    elif text in _ALONE:
        return _ALONE[text], LIKELY
    if group and _OTHERS.search(group):
        return None
    if text in _BY_WORDING:
        return _unit(_BY_WORDING[text], percent), EXACT
    spelt = _usual_spelling(text)
    likely = _BY_WORDING.get(spelt) or _LESS_SURE.get(text) or _LESS_SURE.get(spelt)
    if likely is None and not _OTHERS.search(text):
        likely = next((found for pattern, found in _LIKELY if pattern.search(text) or pattern.search(spelt)), None)
    return None if likely is None else (_unit(likely, percent), LIKELY)


def _usual_spelling(text: str) -> str:
    for pattern, usual in _SPELLINGS:
        text = pattern.sub(usual, text)
    return text


def _unit(field: str, percent: bool) -> str:
    return "hba1c_percent" if field == "hba1c_mmol_mol" and percent else field
