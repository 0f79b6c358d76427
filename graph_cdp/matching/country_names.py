"""Countries and territories by their codes (ISO 3166-1 alpha-2 and alpha-3) and names, as data.

One line a country: its codes, then its names in English, in French and, where people write it so, its own.
"""

COUNTRIES = """
AD AND|Andorra|Andorre
AE ARE|United Arab Emirates|Émirats arabes unis|UAE
AF AFG|Afghanistan
AG ATG|Antigua and Barbuda|Antigua-et-Barbuda
AI AIA|Anguilla
AL ALB|Albania|Albanie
AM ARM|Armenia|Arménie
AO AGO|Angola
AQ ATA|Antarctica|Antarctique
AR ARG|Argentina|Argentine
AS ASM|American Samoa|Samoa américaines
AT AUT|Austria|Autriche|Österreich
AU AUS|Australia|Australie
AW ABW|Aruba
AX ALA|Åland Islands|Îles Åland
AZ AZE|Azerbaijan|Azerbaïdjan
BA BIH|Bosnia and Herzegovina|Bosnie-Herzégovine
BB BRB|Barbados|Barbade
BD BGD|Bangladesh
BE BEL|Belgium|Belgique|België|Belgien
BF BFA|Burkina Faso
BG BGR|Bulgaria|Bulgarie
BH BHR|Bahrain|Bahreïn
BI BDI|Burundi
BJ BEN|Benin|Bénin
BL BLM|Saint Barthélemy|Saint-Barthélemy
BM BMU|Bermuda|Bermudes
BN BRN|Brunei|Brunei Darussalam
BO BOL|Bolivia|Bolivie
BR BRA|Brazil|Brésil|Brasil
BS BHS|Bahamas
BT BTN|Bhutan|Bhoutan
BW BWA|Botswana
BY BLR|Belarus|Biélorussie
BZ BLZ|Belize
CA CAN|Canada
CD COD|Democratic Republic of the Congo|République démocratique du Congo
CF CAF|Central African Republic|République centrafricaine|Centrafrique
CG COG|Republic of the Congo|République du Congo
CH CHE|Switzerland|Suisse|Schweiz|Svizzera
CI CIV|Ivory Coast|Côte d'Ivoire
CL CHL|Chile|Chili
CM CMR|Cameroon|Cameroun
CN CHN|China|Chine
CO COL|Colombia|Colombie
CR CRI|Costa Rica
CU CUB|Cuba
CV CPV|Cape Verde|Cap-Vert|Cabo Verde
CW CUW|Curaçao
CY CYP|Cyprus|Chypre
CZ CZE|Czech Republic|République tchèque|Czechia|Tchéquie
DE DEU|Germany|Allemagne|Deutschland
DJ DJI|Djibouti
DK DNK|Denmark|Danemark|Danmark
DM DMA|Dominica|Dominique
DO DOM|Dominican Republic|République dominicaine
DZ DZA|Algeria|Algérie
EC ECU|Ecuador|Équateur
EE EST|Estonia|Estonie|Eesti
EG EGY|Egypt|Égypte
ER ERI|Eritrea|Érythrée
ES ESP|Spain|Espagne|España
ET ETH|Ethiopia|Éthiopie
FI FIN|Finland|Finlande|Suomi
FJ FJI|Fiji|Fidji
FR FRA|France|France métropolitaine
GA GAB|Gabon
GB GBR|United Kingdom|Royaume-Uni|UK|Great Britain|Grande-Bretagne|England|Angleterre|Scotland|Écosse|Wales|Pays de Galles|Northern Ireland|Irlande du Nord
GD GRD|Grenada|Grenade
GF GUF|French Guiana|Guyane|Guyane française
GG GGY|Guernsey|Guernesey
GH GHA|Ghana
GI GIB|Gibraltar
GL GRL|Greenland|Groenland
GM GMB|Gambia|Gambie
GN GIN|Guinea|Guinée
GP GLP|Guadeloupe
GQ GNQ|Equatorial Guinea|Guinée équatoriale
GR GRC|Greece|Grèce
GT GTM|Guatemala
GU GUM|Guam
GW GNB|Guinea-Bissau|Guinée-Bissau
GY GUY|Guyana
HK HKG|Hong Kong
HN HND|Honduras
HR HRV|Croatia|Croatie|Hrvatska
HT HTI|Haiti|Haïti
HU HUN|Hungary|Hongrie|Magyarország
ID IDN|Indonesia|Indonésie
IE IRL|Ireland|Irlande|Éire
IL ISR|Israel|Israël
IM IMN|Isle of Man|Île de Man
IN IND|India|Inde
IQ IRQ|Iraq|Irak
IR IRN|Iran
IS ISL|Iceland|Islande
IT ITA|Italy|Italie|Italia
JE JEY|Jersey
JM JAM|Jamaica|Jamaïque
JO JOR|Jordan|Jordanie
JP JPN|Japan|Japon
KE KEN|Kenya
KG KGZ|Kyrgyzstan|Kirghizistan
KH KHM|Cambodia|Cambodge
KI KIR|Kiribati
KM COM|Comoros|Comores
KN KNA|Saint Kitts and Nevis|Saint-Christophe-et-Niévès
KP PRK|North Korea|Corée du Nord
KR KOR|South Korea|Corée du Sud
KW KWT|Kuwait|Koweït
KY CYM|Cayman Islands|Îles Caïmans
KZ KAZ|Kazakhstan
LA LAO|Laos
LB LBN|Lebanon|Liban
LC LCA|Saint Lucia|Sainte-Lucie
LI LIE|Liechtenstein
LK LKA|Sri Lanka
LR LBR|Liberia
LS LSO|Lesotho
LT LTU|Lithuania|Lituanie|Lietuva
LU LUX|Luxembourg|Luxemburg
LV LVA|Latvia|Lettonie|Latvija
LY LBY|Libya|Libye
MA MAR|Morocco|Maroc
MC MCO|Monaco
MD MDA|Moldova|Moldavie
ME MNE|Montenegro|Monténégro
MF MAF|Saint Martin|Saint-Martin
MG MDG|Madagascar
MH MHL|Marshall Islands|Îles Marshall
MK MKD|North Macedonia|Macédoine du Nord|Macedonia|Macédoine
ML MLI|Mali
MM MMR|Myanmar|Birmanie|Burma
MN MNG|Mongolia|Mongolie
MO MAC|Macao|Macau
MQ MTQ|Martinique
MR MRT|Mauritania|Mauritanie
MT MLT|Malta|Malte
MU MUS|Mauritius|Maurice|Île Maurice
MV MDV|Maldives
MW MWI|Malawi
MX MEX|Mexico|Mexique|México
MY MYS|Malaysia|Malaisie
MZ MOZ|Mozambique
NA NAM|Namibia|Namibie
NC NCL|New Caledonia|Nouvelle-Calédonie
NE NER|Niger
NG NGA|Nigeria
NI NIC|Nicaragua
NL NLD|Netherlands|Pays-Bas|Nederland|Holland|Hollande|The Netherlands
NO NOR|Norway|Norvège|Norge
NP NPL|Nepal|Népal
NZ NZL|New Zealand|Nouvelle-Zélande
OM OMN|Oman
PA PAN|Panama
PE PER|Peru|Pérou
PF PYF|French Polynesia|Polynésie française
PG PNG|Papua New Guinea|Papouasie-Nouvelle-Guinée
PH PHL|Philippines
PK PAK|Pakistan
PL POL|Poland|Pologne|Polska
PM SPM|Saint Pierre and Miquelon|Saint-Pierre-et-Miquelon
PR PRI|Puerto Rico|Porto Rico
PS PSE|Palestine
PT PRT|Portugal
PY PRY|Paraguay
QA QAT|Qatar
RE REU|Réunion|La Réunion
RO ROU|Romania|Roumanie|România
RS SRB|Serbia|Serbie
RU RUS|Russia|Russie|Russian Federation
RW RWA|Rwanda
SA SAU|Saudi Arabia|Arabie saoudite
SB SLB|Solomon Islands|Îles Salomon
SC SYC|Seychelles
SD SDN|Sudan|Soudan
SE SWE|Sweden|Suède|Sverige
SG SGP|Singapore|Singapour
SI SVN|Slovenia|Slovénie|Slovenija
SK SVK|Slovakia|Slovaquie|Slovensko
SL SLE|Sierra Leone
SM SMR|San Marino|Saint-Marin
SN SEN|Senegal|Sénégal
SO SOM|Somalia|Somalie
SR SUR|Suriname
SS SSD|South Sudan|Soudan du Sud
ST STP|Sao Tome and Principe|Sao Tomé-et-Principe
SV SLV|El Salvador|Salvador
SY SYR|Syria|Syrie
SZ SWZ|Eswatini|Swaziland
TD TCD|Chad|Tchad
TG TGO|Togo
TH THA|Thailand|Thaïlande
TJ TJK|Tajikistan|Tadjikistan
TL TLS|East Timor|Timor oriental
TM TKM|Turkmenistan|Turkménistan
TN TUN|Tunisia|Tunisie
TO TON|Tonga
TR TUR|Turkey|Turquie|Türkiye
TT TTO|Trinidad and Tobago|Trinité-et-Tobago
TW TWN|Taiwan|Taïwan
TZ TZA|Tanzania|Tanzanie
UA UKR|Ukraine
UG UGA|Uganda|Ouganda
US USA|United States|États-Unis|United States of America|États-Unis d'Amérique|U.S.A.
UY URY|Uruguay
UZ UZB|Uzbekistan|Ouzbékistan
VA VAT|Vatican City|Vatican
VC VCT|Saint Vincent and the Grenadines|Saint-Vincent-et-les-Grenadines
VE VEN|Venezuela
VG VGB|British Virgin Islands|Îles Vierges britanniques
VI VIR|U.S. Virgin Islands|Îles Vierges américaines
VN VNM|Vietnam|Viêt Nam|Viet Nam
VU VUT|Vanuatu
WF WLF|Wallis and Futuna|Wallis-et-Futuna
WS WSM|Samoa
XK XKX|Kosovo
YE YEM|Yemen|Yémen
YT MYT|Mayotte
ZA ZAF|South Africa|Afrique du Sud
ZM ZMB|Zambia|Zambie
ZW ZWE|Zimbabwe
"""
