"""What the sandbox's suppliers sell, as a table: each invoice, when it is sent and due, and how far it gets."""

from dataclasses import dataclass
from enum import IntEnum

ALDER, BIRCH = "supplier", "second_supplier"
MOORGATE, HARBOUR = "anchor", "second_anchor"


class Gets(IntEnum):
    """How far an invoice gets; what comes later includes what comes before."""

    SUBMITTED = 0
    PROPOSED = 1
    CONFIRMED = 2
    REQUESTED = 3
    APPROVAL_PROPOSED = 4
    APPROVED = 5


@dataclass(frozen=True, slots=True)
class Sale:
    """An invoice: who sells to whom for how much (minor units); days are open days, counted from today."""

    number: str
    supplier: str
    anchor: str
    amount_minor: int
    sent: int
    due: int
    gets: Gets = Gets.APPROVED
    # the anchor pays it on its due day; what is due before today and not paid, is overdue
    paid: bool = False


SALES = (
    Sale("AT-2101", ALDER, MOORGATE, 18_400_00, -14, -7, paid=True),
    Sale("AT-2102", ALDER, MOORGATE, 9_250_00, -14, -6, paid=True),
    Sale("AT-2103", ALDER, HARBOUR, 12_600_00, -14, -4),
    Sale("AT-2104", ALDER, MOORGATE, 31_900_00, -14, 8),
    Sale("BP-7001", BIRCH, HARBOUR, 38_000_00, -14, 11),
    Sale("BP-7002", BIRCH, MOORGATE, 14_750_00, -13, 4),
    Sale("BP-7003", BIRCH, MOORGATE, 6_480_00, -13, -3, paid=True),
    Sale("AT-2105", ALDER, HARBOUR, 21_500_00, -11, 18),
    Sale("AT-2106", ALDER, MOORGATE, 27_300_00, -9, 26),
    Sale("BP-7004", BIRCH, MOORGATE, 11_200_00, -7, 31),
    Sale("AT-2107", ALDER, MOORGATE, 16_050_00, -4, 40),
    # what stands on the desks today
    Sale("AT-2108", ALDER, MOORGATE, 22_700_00, 0, 34),
    Sale("AT-2109", ALDER, MOORGATE, 29_800_00, 0, 42, Gets.APPROVAL_PROPOSED),
    Sale("AT-2110", ALDER, MOORGATE, 13_340_00, 0, 38, Gets.REQUESTED),
    Sale("BP-7005", BIRCH, MOORGATE, 8_925_00, 0, 29, Gets.REQUESTED),
    Sale("AT-2111", ALDER, MOORGATE, 17_600_00, 0, 45, Gets.CONFIRMED),
    Sale("AT-2112", ALDER, MOORGATE, 5_410_00, 0, 21, Gets.CONFIRMED),
    Sale("BP-7006", BIRCH, HARBOUR, 7_200_00, 0, 33, Gets.CONFIRMED),
    Sale("AT-2113", ALDER, MOORGATE, 24_180_00, 0, 48, Gets.PROPOSED),
    Sale("BP-7007", BIRCH, HARBOUR, 9_990_00, 0, 30, Gets.PROPOSED),
    Sale("AT-2114", ALDER, MOORGATE, 19_020_00, 0, 50, Gets.SUBMITTED),
    Sale("AT-2115", ALDER, MOORGATE, 3_875_00, 0, 28, Gets.SUBMITTED),
    Sale("AT-2116", ALDER, HARBOUR, 12_450_00, 0, 36, Gets.SUBMITTED),
    Sale("BP-7008", BIRCH, MOORGATE, 15_660_00, 0, 44, Gets.SUBMITTED),
    Sale("BP-7009", BIRCH, HARBOUR, 4_380_00, 0, 25, Gets.SUBMITTED),
)
REJECTED = Sale("AT-2117", ALDER, MOORGATE, 2_640_00, 0, 22, Gets.SUBMITTED)
# credited in part after it was funded; its payout came back from the bank; money that names no invoice
CREDITED, RETURNED, CREDIT_MINOR, STRAY_MINOR = "AT-2106", "AT-2107", 1_640_00, 4_250_00
# the second anchor's limit: what is sold to it fills most of it
HARBOUR_LIMIT_MINOR = 78_000_00
# larger faces are left to people
BY_PEOPLE_FROM = "25000.00"
