"""Codes of reasons are those that validators of EN 16931 know."""

import pytest

from kontor.charges.codes import ALLOWANCES, CHARGES, USUAL, codes_of

# The code lists UNCL 5189 and UNCL 7161 of the rules for Peppol BIS Billing 3.0.
UNCL_5189 = "41 42 60 62 63 64 65 66 67 68 70 71 88 95 100 102 103 104 105"
UNCL_7161 = """
AA AAA AAC AAD AAE AAF AAH AAI AAS AAT AAV AAY AAZ ABA ABB ABC ABD ABF ABK ABL ABN ABR ABS ABT ABU ACF ACG ACH ACI ACJ
ACK ACL ACM ACS ADC ADE ADJ ADK ADL ADM ADN ADO ADP ADQ ADR ADT ADW ADY ADZ AEA AEB AEC AED AEF AEH AEI AEJ AEK AEL AEM
AEN AEO AEP AES AET AEU AEV AEW AEX AEY AEZ AJ AU CA CAB CAD CAE CAF CAI CAJ CAK CAL CAM CAN CAO CAP CAQ CAR CAS CAT CAU
CAV CAW CAX CAY CAZ CD CG CS CT DAB DAC DAD DAF DAG DAH DAI DAJ DAK DAL DAM DAN DAO DAP DAQ DL EG EP ER FAA FAB FAC FC
FH FI GAA HAA HD HH IAA IAB ID IF IR IS KO L1 LA LAA LAB LF MAE MI ML NAA OA PA PAA PC PL PRV RAB RAC RAD RAF RE RF RH RV
SA SAA SAD SAE SAI SG SH SM SU TAB TAC TT TV V1 V2 WH XAA YY ZZZ
"""


@pytest.mark.covers("R4.16")
def test_every_code_that_can_be_chosen_is_on_the_list_and_each_kind_has_a_usual_one() -> None:
    assert set(ALLOWANCES) == set(UNCL_5189.split())
    assert set(CHARGES) <= set(UNCL_7161.split())
    assert [kind for kind, code in USUAL.items() if code not in codes_of(kind)] == []
