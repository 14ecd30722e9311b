"""Which day is it for an organisation? Xero names time zones by its own list (X5.2); unknown ones go by country."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

# The common ones: one zone in tz's database for each name in Xero's list.
_ZONES = {
    "AUSEASTERNSTANDARDTIME": "Australia/Sydney",
    "EAUSTRALIASTANDARDTIME": "Australia/Brisbane",
    "CENAUSTRALIASTANDARDTIME": "Australia/Adelaide",
    "AUSCENTRALSTANDARDTIME": "Australia/Darwin",
    "WAUSTRALIASTANDARDTIME": "Australia/Perth",
    "AUSCENTRALWSTANDARDTIME": "Australia/Eucla",
    "TASMANIASTANDARDTIME": "Australia/Hobart",
    "LORDHOWESTANDARDTIME": "Australia/Lord_Howe",
    "NEWZEALANDSTANDARDTIME": "Pacific/Auckland",
    "CHATHAMISLANDSSTANDARDTIME": "Pacific/Chatham",
    "FIJISTANDARDTIME": "Pacific/Fiji",
    "GMTSTANDARDTIME": "Europe/London",
    "GREENWICHSTANDARDTIME": "Atlantic/Reykjavik",
    "WEUROPESTANDARDTIME": "Europe/Berlin",
    "CENTRALEUROPESTANDARDTIME": "Europe/Budapest",
    "CENTRALEUROPEANSTANDARDTIME": "Europe/Warsaw",
    "ROMANCESTANDARDTIME": "Europe/Paris",
    "EEUROPESTANDARDTIME": "Europe/Chisinau",
    "FLESTANDARDTIME": "Europe/Helsinki",
    "GTBSTANDARDTIME": "Europe/Bucharest",
    "TURKEYSTANDARDTIME": "Europe/Istanbul",
    "RUSSIANSTANDARDTIME": "Europe/Moscow",
    "ISRAELSTANDARDTIME": "Asia/Jerusalem",
    "SOUTHAFRICASTANDARDTIME": "Africa/Johannesburg",
    "EAFRICASTANDARDTIME": "Africa/Nairobi",
    "WCENTRALAFRICASTANDARDTIME": "Africa/Lagos",
    "ARABSTANDARDTIME": "Asia/Riyadh",
    "ARABIANSTANDARDTIME": "Asia/Dubai",
    "INDIASTANDARDTIME": "Asia/Kolkata",
    "SINGAPORESTANDARDTIME": "Asia/Singapore",
    "SEASIASTANDARDTIME": "Asia/Bangkok",
    "CHINASTANDARDTIME": "Asia/Shanghai",
    "TAIPEISTANDARDTIME": "Asia/Taipei",
    "TOKYOSTANDARDTIME": "Asia/Tokyo",
    "KOREASTANDARDTIME": "Asia/Seoul",
    "EASTERNSTANDARDTIME": "America/New_York",
    "USEASTERNSTANDARDTIME": "America/Indiana/Indianapolis",
    "CENTRALSTANDARDTIME": "America/Chicago",
    "CANADACENTRALSTANDARDTIME": "America/Regina",
    "MOUNTAINSTANDARDTIME": "America/Denver",
    "USMOUNTAINSTANDARDTIME": "America/Phoenix",
    "PACIFICSTANDARDTIME": "America/Los_Angeles",
    "ATLANTICSTANDARDTIME": "America/Halifax",
    "NEWFOUNDLANDSTANDARDTIME": "America/St_Johns",
    "ALASKANSTANDARDTIME": "America/Anchorage",
    "HAWAIIANSTANDARDTIME": "Pacific/Honolulu",
    "ESOUTHAMERICASTANDARDTIME": "America/Sao_Paulo",
    "ARGENTINASTANDARDTIME": "America/Argentina/Buenos_Aires",
    "SAPACIFICSTANDARDTIME": "America/Bogota",
    "UTC": "Etc/UTC",
}
_COUNTRIES = {
    "AU": "Australia/Sydney",
    "NZ": "Pacific/Auckland",
    "GB": "Europe/London",
    "IE": "Europe/Dublin",
    "US": "America/New_York",
    "CA": "America/Toronto",
    "ZA": "Africa/Johannesburg",
    "SG": "Asia/Singapore",
    "HK": "Asia/Hong_Kong",
    "MY": "Asia/Kuala_Lumpur",
    "PH": "Asia/Manila",
    "IN": "Asia/Kolkata",
    "AE": "Asia/Dubai",
    "KE": "Africa/Nairobi",
    "FJ": "Pacific/Fiji",
}


def day_in(timezone: object, country: object, present: datetime) -> date:
    """The organisation's calendar day at an aware instant. Unknown zone and country: the UTC day."""
    name = _ZONES.get(str(timezone)) or _COUNTRIES.get(str(country)) or "Etc/UTC"
    return present.astimezone(ZoneInfo(name)).date()
