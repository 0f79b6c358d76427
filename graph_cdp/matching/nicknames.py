"""Given names that people exchange for each other, French and English, as data.

One line a group: its names are forms of one another. A name may be in several groups (`alex` is Alexandre and
Alexandra), and then it agrees with the names of each, without making these agree among themselves. Names are
folded: no accents, lower case. A prefix (`alex` of `alexandre`) and a near spelling agree without being listed.
"""

GROUPS = """
abigail abby gail
adelaide adele addie heidi
agnes inès ines
albert bert al bertie
alexandra alex sandra sandrine sacha sasha lexie alexa
alexandre alexander alex sacha sasha sandy xander alec
alfred fred alf freddie alfie
amelie amelia emilie millie
andre andrew andy drew dede andreas
angelique angela angie angelina
anne anna annie nancy hannah nina annette anouk ann
anne-marie annemarie marianne
antoine anthony tony antonin toine tonio antonio
antoinette toinette nettie tony
apolline pauline line
arthur art tutur
auguste augustin gus august
barbara barb babs babette bobbie
beatrice bea trixie beatrix
benjamin ben benji benny benoit
bernadette bernie detty
bernard bernie nanard
bertrand bert
brigitte bridget biddy gitte
calvin cal
camille cam millie
caroline carole carol caro carrie line lina
catherine cathy kate katherine katie kathy kitty cat kat katia katarina kathleen
cecile cecilia cissy celia
charles charlie chuck carl chas karl charlot
charlotte charlie lotte lottie cha carlotta
christelle chris christel
christian chris
christine chris christina tina kristin kristina
christophe christopher chris kit topher
claire clara clare clarisse
claude claudius
claudine claudia claudette
clement clem
clementine clem tina
corinne cora cory
cyril cyrille
daniel dan danny dani
danielle dany dani ella
david dave davy
deborah debbie deb debra
delphine fine
denis dennis denny
denise dede niecy
dominique dom dominic domi nick
donald don donnie
dorothee dorothy dot dottie dolly
edmond edmund ed ned
edouard edward ed eddie ted ned teddy doudou
edwige hedwig
eleonore eleanor ellie nora nell lenore elinor leonor
elisabeth elizabeth liz beth betty lisa lise eliza libby bess babette elise lili lizzie elsa
emma emmy em
emmanuel manu manuel manny
emmanuelle manu manuela emma
ernest ernie
estelle stella essie
etienne steven stephen tienno
eugene gene
eugenie genie gina
evelyne eve evelyn evie lina
fabien fabian fab
fabienne fab
florence flo flora flossie
floriane flo
florian flo
francis frank francois fran
francois frank francis fanfan franz
francoise fran fanfan frances francine fannie soizic
franklin frank
frederic fred freddy frederick rick fritz
frederique fred freddie
gabriel gab gabe gaby
gabrielle gab gaby gabriela brielle
genevieve gen viviane ginette jenny
geoffroy geoff jeff geoffrey jeffrey
georges george geo jojo
georgette georgia georgina gina jojo
gerard gerry gege jerry
gilbert gil bert gibby
ginette geneviève
gregoire gregory greg
gregory greg
guillaume guy will william bill guigui
guy wido
gwenaelle gwen
gwendoline gwen wendy
harold harry hal
helene helen ellen nell lena leni elena nelly
henri henry harry hank riton
henriette etta hattie riette yetta
hubert hub bert
hugues hugo hugh huey
isaac ike zac
isabelle isa bella belle izzy isabel zabou elisabeth
jacqueline jackie jacquie line
jacques jack jacky jim james jacquot
james jim jimmy jamie jem
janet jan jane jenny
jean john jack jeannot johnny yann ian
jean-baptiste jb jeanbaptiste
jean-claude jc jeanclaude
jean-francois jf jeanfrancois jeff
jean-louis jl jeanlouis
jean-luc jl jeanluc
jean-marc jm jeanmarc
jean-marie jm jeanmarie
jean-michel jm jeanmichel jeanmi
jean-paul jp jeanpaul
jean-philippe jp jeanphilippe jeanphi
jean-pierre jp jeanpierre
jean-yves jy jeanyves
jeanne jane joan jeannette jeannine janine jenny
jennifer jen jenny jenna
jeremie jerry jeremy jem
jerome jerry geronimo
jessica jess jessie
joachim jo jojo
joel jo
joelle jo
jonathan jon jonny nathan
joseph joe jo joey jojo jose jef
josephine jo josie fifi josette fina
judith judy jude
julie jules julia juliette
julien jules julian ju
juliette jules julie
kenneth ken kenny
kimberly kim
laurence laurie lolo
laurent larry lawrence lolo laurie lorenzo
leonard leo len lenny
leopold leo poldi
lillian lily lil lilian
louis lou louie luigi lewis ludovic loulou
louise lou louisa lulu loulou
lucas luc luke lucien
lucie lucy lulu lucille lucienne
lucien luc lulu lucas
ludovic ludo louis vic
madeleine mado maddie madeline magdalena lena magali leni
marcel marcello
margaret maggie meg peggy greta margie rita daisy madge
marguerite margot margaux daisy rita margaret gretel
marie mary maria may molly polly mimi marion manon mia
marie-christine mc mariechristine
marie-claude mc marieclaude
marie-france mf mariefrance
marie-helene mh mariehelene
marie-jose maryse mariejose josee
marie-laure ml marielaure malo
marie-therese mt marietherese maite maïté
mathieu matt mathias matthew matthias mat
mathilde matilda tilda tilly mattie
mathis mathias
matthew matt mathieu
maurice moe momo morris
maxence max
maxime max maximilien
maximilien max
melanie mel lanie
michel michael mike mick mickey mickael mitch michou mikael misha
michele michelle mimi shelly mich
monique monica mona nikki
nathalie nat natalie natasha nathy
nathan nat nate
nicholas nick nicky nico
nicolas nico nick nicholas klaus colas
nicole nicky nikki nic colette coco
noelle noel noella
odette odile
olivier oliver oli ollie
pascal pascual
pascale pascalina
patrice pat patrick
patricia pat patty patsy tricia trish
patrick pat paddy rick pato
paul paulo pol pablo
pauline paula line polly paulette
philippe phil philip philou pip
pierre peter pete pierrot pedro pierrick pieter
pierre-yves py pierreyves
rachel rae shelly
raphael raph rafael rafe
raymond ray momo
rebecca becky becca
regis reg
rene renato
renee rena
richard dick rick rich ricky richie
robert bob rob bobby bert robbie robin
roger rodger hodge
roland rolly rollo orlando
romain roman
ronald ron ronnie
rosalie rose rosie lili
samantha sam sammy
samuel sam sammy
sandrine sandra sandy
sarah sally sadie sara zara
sebastien seb sebastian bastien bastian
simon sim
simone mona
solange sol soso
sophie sophia sonia soso sofia fifi
stephane steph stephan steven stephen steve
stephanie steph fanny stef steffi
steven steve stephen
susan sue suzanne susie suzie
suzanne susan sue suzy suzette zaza
sylvain syl sylvester
sylvie syl silvia sylvette sylviane
theodore theo ted teddy
therese theresa terry tess tessa resi theresia
thibault thibaud thib
thierry terry theodoric titi
thomas tom tommy thom
timothee tim timothy timmy
ulysse ulysses
valentin val
valentine val tina
valerie val
veronique vero veronica nica ronnie
victoire victoria vicky vic tori
victor vic
vincent vince vinnie vin
virginie ginny virginia gigi nini
vivien viv
viviane viv vivienne
walter walt wally
william bill will billy willy liam guillaume
xavier xav javier
yolande yoyo yolanda
yves yvon ivo
yvette yvonne
yvonne yvette eve
zacharie zac zach zachary zak
"""
