"""Valid language codes: those of ISO 639-1, and the longer ones that a voice or Harken's detector uses.

Where a language has several codes, voices, settings and texts must use the same one to match.
"""

_ISO_639_1 = """
aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es
et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu iw ja jv jw ka kg
ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mo mr ms mt my na nb nd ne ng nl nn
no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta
te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
_LONGER = """
bpy ceb chr crs fil gaa grc hak haw hmn hyw jbo kha kok kri lfn lif loz ltg lua luo mfe mto nci new nog nso pam pap piqd
qdb quc qya raj sco shn sjn smj syr tlh tum war yue
"""

CODES = frozenset((_ISO_639_1 + _LONGER).split())
# Unspecified Norwegian is taken as Bokmål, and there is no voice for Nynorsk.
_AS = {"no": "nb", "nob": "nb", "nn": "nb", "nno": "nb", "cmn": "zh", "arb": "ar"}


def code_of(tag: str) -> str:
    """The one code that Harken uses for a language tag such as "nb-NO", "no_NO" or "cmn"; "" for ""."""
    base = tag.replace("_", "-").partition("-")[0].lower()
    return _AS.get(base, base)
