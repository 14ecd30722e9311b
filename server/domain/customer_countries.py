"""Are two words for a country the same country? Its name, its two letters or its three."""

from __future__ import annotations

import unicodedata

# Two letters, three letters, then names that people write; what is not here counts as it is written.
_TABLE = """
AD AND Andorra
AE ARE United Arab Emirates|UAE
AF AFG Afghanistan
AL ALB Albania
AM ARM Armenia
AO AGO Angola
AR ARG Argentina
AT AUT Austria|Österreich
AU AUS Australia
AZ AZE Azerbaijan
BA BIH Bosnia and Herzegovina|Bosnia
BB BRB Barbados
BD BGD Bangladesh
BE BEL Belgium|België|Belgique
BG BGR Bulgaria
BH BHR Bahrain
BN BRN Brunei|Brunei Darussalam
BO BOL Bolivia
BR BRA Brazil|Brasil
BS BHS Bahamas|The Bahamas
BW BWA Botswana
BY BLR Belarus
CA CAN Canada
CH CHE Switzerland|Schweiz|Suisse|Svizzera
CI CIV Côte d'Ivoire|Ivory Coast
CK COK Cook Islands
CL CHL Chile
CM CMR Cameroon
CN CHN China|PR China|People's Republic of China
CO COL Colombia
CR CRI Costa Rica
CY CYP Cyprus
CZ CZE Czechia|Czech Republic
DE DEU Germany|Deutschland|Allemagne
DK DNK Denmark|Danmark
DO DOM Dominican Republic
DZ DZA Algeria
EC ECU Ecuador
EE EST Estonia
EG EGY Egypt
ES ESP Spain|España
ET ETH Ethiopia
FI FIN Finland|Suomi
FJ FJI Fiji
FR FRA France
GB GBR United Kingdom|UK|Great Britain|Britain|England|Scotland|Wales|Northern Ireland
GE GEO Georgia
GG GGY Guernsey
GH GHA Ghana
GI GIB Gibraltar
GR GRC Greece
GT GTM Guatemala
HK HKG Hong Kong|Hong Kong SAR
HN HND Honduras
HR HRV Croatia|Hrvatska
HU HUN Hungary
ID IDN Indonesia
IE IRL Ireland|Republic of Ireland|Éire
IL ISR Israel
IM IMN Isle of Man
IN IND India
IQ IRQ Iraq
IR IRN Iran
IS ISL Iceland
IT ITA Italy|Italia
JE JEY Jersey
JM JAM Jamaica
JO JOR Jordan
JP JPN Japan
KE KEN Kenya
KH KHM Cambodia
KR KOR South Korea|Korea|Republic of Korea
KW KWT Kuwait
KY CYM Cayman Islands
KZ KAZ Kazakhstan
LA LAO Laos
LB LBN Lebanon
LI LIE Liechtenstein
LK LKA Sri Lanka
LT LTU Lithuania
LU LUX Luxembourg
LV LVA Latvia
MA MAR Morocco
MC MCO Monaco
MD MDA Moldova
ME MNE Montenegro
MK MKD North Macedonia|Macedonia
MM MMR Myanmar|Burma
MN MNG Mongolia
MO MAC Macau|Macao
MT MLT Malta
MU MUS Mauritius
MV MDV Maldives
MW MWI Malawi
MX MEX Mexico|México
MY MYS Malaysia
MZ MOZ Mozambique
NA NAM Namibia
NG NGA Nigeria
NL NLD Netherlands|The Netherlands|Nederland|Holland
NO NOR Norway|Norge
NP NPL Nepal
NZ NZL New Zealand|Aotearoa
OM OMN Oman
PA PAN Panama
PE PER Peru
PG PNG Papua New Guinea
PH PHL Philippines|The Philippines
PK PAK Pakistan
PL POL Poland|Polska
PR PRI Puerto Rico
PT PRT Portugal
PY PRY Paraguay
QA QAT Qatar
RO ROU Romania
RS SRB Serbia
RU RUS Russia|Russian Federation
RW RWA Rwanda
SA SAU Saudi Arabia
SE SWE Sweden|Sverige
SG SGP Singapore
SI SVN Slovenia
SK SVK Slovakia
SN SEN Senegal
SV SLV El Salvador
TH THA Thailand
TN TUN Tunisia
TO TON Tonga
TR TUR Turkey|Türkiye
TT TTO Trinidad and Tobago
TW TWN Taiwan
TZ TZA Tanzania
UA UKR Ukraine
UG UGA Uganda
US USA United States|United States of America|U.S.|U.S.A.|America
UY URY Uruguay
UZ UZB Uzbekistan
VE VEN Venezuela
VN VNM Vietnam|Viet Nam
VU VUT Vanuatu
WS WSM Samoa
ZA ZAF South Africa
ZM ZMB Zambia
ZW ZWE Zimbabwe
"""


def _folded(words: str) -> str:
    """Letters and digits alone, whatever their case."""
    return "".join(sign for sign in unicodedata.normalize("NFC", words).casefold() if sign.isalnum())


def _known() -> dict[str, str]:
    found: dict[str, str] = {}
    for row in _TABLE.strip().splitlines():
        two, three, names = row.split(" ", 2)
        found |= {_folded(word): two for word in (two, three, *names.split("|"))}
    return found


_BY_WORD = _known()


def country_key(words: str | None) -> str | None:
    """What two ways of writing one country have in common; None where nothing was written."""
    folded = _folded(words or "")
    return _BY_WORD.get(folded, folded) or None
