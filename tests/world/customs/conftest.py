"""Small files in the layout of each publisher."""

from collections.abc import Callable
from pathlib import Path

import pytest

#: A few invented figures in each layout; the first good is crude oil, the second LNG.
FILES = {
    "baci": (
        "BACI_HS92_Y2021_V202501.csv",
        "t,i,j,k,v,q\n"
        "2021,643,699,270900,1000.5,2000.25\n"
        "2021,643,276,270900,4000,9000\n"
        "2021,842,490,271111,50.25,          NA\n"
        "2021,76,842,10110,7,1.5\n",
    ),
    "comtrade": (
        "TradeData.csv",
        "typeCode,freqCode,refPeriodId,refYear,refMonth,period,reporterCode,reporterISO,flowCode,"
        "flowDesc,partnerCode,partnerISO,partner2Code,partner2ISO,cmdCode,cmdDesc,customsCode,"
        "motCode,netWgt,primaryValue\n"
        "C,A,20210101,2021,52,2021,699,IND,M,Import,643,RUS,0,W00,270900,Petroleum oils,C00,0,"
        "2000000,1100000,\n"
        "C,A,20210101,2021,52,2021,699,IND,M,Import,0,W00,0,W00,270900,Petroleum oils,C00,0,"
        "9000000,5100000,\n"
        "C,A,20210101,2021,52,2021,643,RUS,X,Export,699,IND,0,W00,270900,Petroleum oils,C00,0,"
        "1900000,1000000,\n"
        "C,A,20210101,2021,52,2021,643,RUS,X,Export,699,IND,0,W00,270900,Petroleum oils,C00,2100,"
        "1900000,1000000,\n"
        "C,A,20210101,2021,52,2021,643,RUS,X,Export,699,IND,0,W00,2709,Petroleum oils,C00,0,"
        "1900000,1000000,\n"
        "C,A,20210101,2021,52,2021,643,RUS,RX,Re-export,490,S19,0,W00,270900,Oils,C00,0,5,10,\n",
    ),
    "comtrade_old": (
        "comtrade.csv",
        "Classification,Year,Period,Trade Flow,Reporter Code,Reporter,Reporter ISO,Partner Code,"
        "Partner,Partner ISO,2nd Partner ISO,Commodity Code,Commodity,Netweight (kg),"
        "Trade Value (US$)\n"
        "HS,2014,2014,Import,699,India,IND,643,Russia,RUS,,270900,Oils,2000000,1100000\n"
        "HS,2014,2014,Import,699,India,IND,0,World,WLD,,270900,Oils,9000000,5100000\n"
        "HS,2014,2014,Export,699,India,IND,490,Other Asia,S19,,TOTAL,All,,77\n"
        "HS,2014,2014,Export,699,India,IND,490,Other Asia,S19,,271111,LNG,3000,77\n",
    ),
    "wits": (
        "DataJobID-1.csv",
        "Nomenclature,ReporterISO3,ProductCode,ReporterName,PartnerISO3,PartnerName,Year,"
        "TradeFlowName,TradeFlowCode,TradeValue in 1000 USD,Quantity,QtyToken,NetWeight in KGM\n"
        "H0,IND,270900,India,RUS,Russia,2021,Gross Imp.,1,1100,2000000,8,2000000\n"
        "H0,IND,270900,India,WLD,World,2021,Gross Imp.,1,5100,9000000,8,9000000\n"
        "H0,ROM,271111,Romania,OAS,Other Asia,2021,Gross Exp.,2,77,0,8,\n",
    ),
    "census_online": (
        "Standard Report.csv",
        '"U.S. Imports by Harmonized System (HS)"\n'
        '"Measures: Customs Value (Gen) ($US)"\n'
        '"Commodity","Country","Time","Customs Value (Gen) ($US)"\n'
        '"270900 Crude oil","Canada","January 2021","1,000"\n'
        '"270900 Crude oil","Canada","February 2021","2,000"\n'
        '"270900 Crude oil","World Total","February 2021","9,000"\n'
        '"270900 Crude oil","Korea, South","February 2021","5"\n',
    ),
    "census": (
        "census.json",
        '[["I_COMMODITY","CTY_CODE","CTY_NAME","GEN_VAL_MO","SUMMARY_LVL","time","I_COMMODITY"],\n'
        '["270900","1220","CANADA","1000","DET","2021-01","270900"],\n'
        '["270900","-","TOTAL FOR ALL COUNTRIES","9000","DET","2021-01","270900"],\n'
        '["270900","0003","EUROPEAN UNION","90","CGP","2021-01","270900"],\n'
        '["270900","5700","CHINA","3","DET","2021-02","270900"]]\n',
    ),
    "comext": (
        "full202152.dat",
        "DECLARANT,DECLARANT_ISO,PARTNER,PARTNER_ISO,TRADE_TYPE,PRODUCT_NC,FLOW,STAT_REGIME,"
        "SUPP_UNIT,PERIOD,VALUE_IN_EUROS,QUANTITY_IN_KG,SUP_QUANTITY\n"
        "004,DE,0075,RU,E,27090010,1,4,A,202152,100,5000,0\n"
        "004,DE,0075,RU,E,27090090,1,4,A,202152,200,6000,0\n"
        "004,DE,0075,RU,E,TOTAL,1,4,A,202152,90000,,0\n"
        "009,GR,0400,US,E,27090090,2,1,A,202152,30,700,0\n"
        "009,GR,0950,QR,E,27090090,2,1,A,202152,30,700,0\n",
    ),
    "comext_sdmx": (
        "DS-045409.csv",
        "DATAFLOW,LAST UPDATE,freq,reporter,partner,product,flow,indicators,TIME_PERIOD,OBS_VALUE\n"
        "ESTAT:DS-045409(1.0),01/11/25,A,DE,RU,270900,1,VALUE_IN_EUROS,2021,300\n"
        "ESTAT:DS-045409(1.0),01/11/25,A,DE,RU,270900,1,QUANTITY_IN_100KG,2021,110\n"
        "ESTAT:DS-045409(1.0),01/11/25,A,DE,EU27_2020_EXTRA,270900,1,VALUE_IN_EUROS,2021,900\n"
        "ESTAT:DS-045409(1.0),01/11/25,A,EL,US,270900,2,VALUE_IN_EUROS,2021,30\n",
    ),
}


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write one of the files, changed if a change is given."""

    def make(kind: str, change: Callable[[str], str] = str, name: str = "") -> Path:
        file, text = FILES[kind]
        path = tmp_path / (name or file)
        path.write_text(change(text), encoding="utf-8")
        return path

    return make
