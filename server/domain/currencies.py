"""In how many decimals is a currency counted? Two, but for these of ISO 4217."""

from __future__ import annotations

NONE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split()
THREE = "BHD IQD JOD KWD LYD OMR TND".split()
FOUR = "CLF UYW".split()
_DECIMALS = {**dict.fromkeys(NONE, 0), **dict.fromkeys(THREE, 3), **dict.fromkeys(FOUR, 4)}


def decimals(currency: str) -> int:
    """The decimals of its smallest unit; two for a code that is not among the exceptions."""
    return _DECIMALS.get(currency, 2)
