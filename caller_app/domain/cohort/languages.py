"""Languages by name and by ISO 639-1 code; British Sign Language is 'q4', as the national record has it."""

from typing import Final

from caller_app.domain.text import words

BRITISH_SIGN_LANGUAGE: Final = "q4"

_NAMES: Final = """
aa afar|ab abkhazian|af afrikaans|ak akan,twi,fante|am amharic|an aragonese|ar arabic|as assamese|av avaric|ay aymara
az azerbaijani,azeri|ba bashkir|be belarusian|bg bulgarian|bi bislama|bm bambara|bn bengali,bangla,sylheti|bo tibetan
br breton|bs bosnian|ca catalan,valencian|ce chechen|ch chamorro|co corsican|cs czech|cv chuvash|cy welsh|da danish
de german|dv dhivehi,maldivian|dz dzongkha|ee ewe|el greek|en english,eng|eo esperanto|es spanish,castilian|et estonian
eu basque|fa persian,farsi,dari|ff fulah,fula|fi finnish|fj fijian|fo faroese|fr french|fy western frisian,frisian
ga irish,gaelic irish|gd scottish gaelic,gaelic|gl galician|gn guarani|gu gujarati,gujerati|gv manx|ha hausa|he hebrew
hi hindi|hr croatian|ht haitian,haitian creole|hu hungarian|hy armenian|ia interlingua|id indonesian|ig igbo
ii sichuan yi|ik inupiaq|io ido|is icelandic|it italian|iu inuktitut|ja japanese|jv javanese|ka georgian|kg kongo
ki kikuyu,gikuyu|kj kuanyama|kk kazakh|kl kalaallisut,greenlandic|km khmer,cambodian|kn kannada|ko korean|kr kanuri
ks kashmiri|ku kurdish,kurmanji,sorani|kv komi|kw cornish|ky kyrgyz,kirghiz|la latin|lb luxembourgish|lg ganda,luganda
li limburgish|ln lingala|lo lao|lt lithuanian|lu luba katanga|lv latvian|mg malagasy|mh marshallese|mi maori
mk macedonian|ml malayalam|mn mongolian|mr marathi|ms malay|mt maltese|my burmese|na nauru|nb norwegian bokmal
nd north ndebele|ne nepali|ng ndonga|nl dutch,flemish|nn norwegian nynorsk|no norwegian|nr south ndebele|nv navajo
ny chichewa,nyanja,chewa|oc occitan|oj ojibwa|om oromo|or oriya,odia|os ossetian|pa punjabi,panjabi|pi pali|pl polish
ps pashto,pushto|pt portuguese,brazilian portuguese|qu quechua|rm romansh|rn rundi,kirundi|ro romanian,moldovan
ru russian|rw kinyarwanda|sa sanskrit|sc sardinian|sd sindhi|se northern sami|sg sango|si sinhala,sinhalese|sk slovak
sl slovenian,slovene|sm samoan|sn shona|so somali|sq albanian|sr serbian|ss swati|st southern sotho,sesotho|su sundanese
sv swedish|sw swahili|ta tamil|te telugu|tg tajik|th thai|ti tigrinya|tk turkmen|tl tagalog,filipino|tn tswana,setswana
to tonga,tongan|tr turkish|ts tsonga|tt tatar|tw twi|ty tahitian|ug uighur,uyghur|uk ukrainian|ur urdu|uz uzbek|ve venda
vi vietnamese|vo volapuk|wa walloon|wo wolof|xh xhosa|yi yiddish|yo yoruba|za zhuang
zh chinese,mandarin,cantonese,hakka,mandarin chinese|zu zulu
q4 bsl,british sign language,british sign language bsl,bsl user,sign language bsl,bfi
"""


def _table() -> dict[str, str]:
    table: dict[str, str] = {}
    for entry in _NAMES.replace("\n", "|").split("|"):
        if entry:
            code, _, names = entry.partition(" ")
            table.setdefault(code, code)
            for name in names.split(","):
                table.setdefault(name, code)
    return table


_CODES: Final = _table()


def _first_names() -> dict[str, str]:
    entries = (entry.partition(" ") for entry in _NAMES.replace("\n", "|").split("|") if entry)
    return {code: names.split(",")[0] for code, _, names in entries}


_FIRST_NAMES: Final = _first_names()


def language_name(code: str) -> str:
    """The language of a code as people say it; a code that is not known stays as it is."""
    if code == BRITISH_SIGN_LANGUAGE:
        return "British Sign Language"
    return _FIRST_NAMES.get(code, code).title()


def language_code(text: str) -> str | None:
    """The code of a language given by name or code, None when it is neither."""
    return _CODES.get(words(text))
