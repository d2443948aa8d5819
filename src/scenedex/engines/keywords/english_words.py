"""English words by kind, as far as they tell nouns from other words."""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


DETERMINERS: Final = _words("a an the this that these those some any no every each my our your his her its their")
SINGULAR_DETERMINERS: Final = frozenset(("this", "that"))
PREPOSITIONS: Final = _words(
    """
    of in on at by for from into onto with without within about above across after against along among around before
    behind below beneath beside between beyond during except inside near outside over past through throughout toward
    towards under via per and or
    """
)
NUMBERS: Final = _words(
    """
    dozens dozen hundreds thousands millions billion billions third fourth fifth sixth seventh eighth ninth tenth half
    monday tuesday wednesday thursday friday saturday sunday mondays sundays saturdays
    january february april june july august september october november december
    """
)
VERB_OPENERS: Final = _words(
    """
    to i you he she it we they who that will would can could may might must shall should do does did don't doesn't
    didn't is are was were be been being am have has had not never always often also just they're we're i'm you're
    it's he's she's i'll you'll we'll they'll let's gonna wanna
    """
)
NAME_OPENERS: Final = _words("new great old big little long high low grand upper lower")
"""Words that begin names: New York, Great Britain."""

ADVERBS: Final = _words(
    """
    instead together apart ahead abroad overseas nearby forward forwards backward upwards downwards indoors outdoors
    anyway meanwhile otherwise therefore thus hence however moreover nevertheless alone aside twice thrice straight
    forever altogether everywhere nowhere somewhere anywhere sometime fairly earlier underway worldwide nationwide
    """
)
ADJECTIVES: Final = _words(
    """
    fresh cheap cheaper cheapest fast faster fastest slow slower hot hotter cold colder warm warmer cool cooler heavy
    heavier strong stronger strongest weak weaker large larger largest huge tiny smaller smallest bigger biggest longer
    longest shorter higher highest lower lowest older oldest younger youngest newer newest early late later latest
    deep deeper wide wider narrow thick thin thinner clean dirty empty rich poor safe safer dangerous easy easier hard
    harder hardest soft loud quiet bright dark darker beautiful pretty ugly happy sad angry afraid ready busy free open
    close closed closer nearest sick ill healthy alive dead strange common rare single double main major minor local
    global national international regional central federal social political economic economical financial military
    civil legal illegal medical physical natural chemical digital electric electronic nuclear public private official
    foreign domestic annual daily weekly monthly popular famous special general recent modern ancient traditional
    available necessary possible impossible likely unlikely similar various several entire total final initial former
    current previous following upcoming northern southern eastern western far outer inner upper
    red blue green yellow black white brown grey gray pink purple golden
    roman greek french german british english american chinese japanese korean russian italian spanish indian european
    african asian dutch swedish
    wooden sweet sour salty bitter delicious tasty wonderful amazing awesome incredible excellent
    perfect fantastic terrible horrible awful interesting exciting boring funny serious simple complex difficult
    certain clear obvious extra additional separate individual personal original actual overall senior junior
    """
)
NOUNS_LIKE_ADJECTIVES: Final = _words(
    """
    table cable vegetable vegetables archive executive detective native motive olive representative initiative
    alternative relative locomotive dish fish parish rubbish polish finish syllable constable
    narrative captive objective perspective handful mouthful
    """
)
NOUNS_IN_LY: Final = _words("family assembly supply italy july ally reply monopoly butterfly jelly belly bully lily")
NOUNS_IN_ED: Final = _words(
    """
    seed speed feed weed need breed greed steed reed hundred watershed bloodshed moped bed shed newlywed sled hatred
    """
)
NOUNS_IN_ING: Final = _words(
    """
    building buildings painting paintings meeting meetings wedding weddings evening morning king ring spring string
    wing ceiling clothing warning warnings hearing training housing shopping swimming boxing fishing cooking banking
    funding flooding shooting shootings bombing bombings hiking engineering marketing farming mining cycling skiing
    dancing racing sailing drawing recording writing earnings savings beginning ending landing lighting parking
    pudding dressing filling icing seasoning sibling offspring sterling viking
    """
)
VERBS: Final = _words(
    """
    accuse achieve add admit adopt advise affect afford agree allow announce apologise apologize appear apply
    appoint approach approve argue arrange arrive assess assist assume attend attract avoid bake become begin belong
    blame boil borrow breathe bring build buy calculate cancel capture carry catch celebrate choose chop click
    collect combine commit communicate compare compete complain concentrate conclude conduct confirm connect
    consider contain continue convince cooperate cope correct create criticise criticize cry decide declare decrease
    defend define deliver deny depend describe deserve destroy determine develop die differ dig disagree disappear
    disappoint discover discuss distribute divide drain earn eat educate elect eliminate embarrass emerge emphasize
    enable encourage enjoy ensure enter establish evacuate examine exceed execute exist expand expect explain
    explode explore expose express extend fail fasten
    fill follow forbid forget forgive fry garnish gather generate grant
    greet grow handle happen hate hesitate hide identify ignore imagine implement imply impose impress improve
    include indicate inform inject injure insist inspire install interpret interrupt introduce invade invent invest
    investigate invite involve isolate join jump justify kidnap kill knit learn lend let lie listen live lose
    maintain manage marinate marry meet mention motivate negotiate obey observe obtain occur open operate oppose
    organise organize overcome owe participate peel perform persuade possess postpone pour predict prefer prepare
    preserve pretend prevent proceed produce prohibit promote pronounce propose protect prove provide publish pursue
    qualify quit raise react realise realize rebuild receive recognize recommend recover recruit recycle reduce
    refer reflect refuse regret reject rejoin relate relax relieve rely remain remember remind remove rent repeat
    replace represent require resign resist resolve respond restore retire retrieve reveal rob satisfy save seek
    seize select sell send separate serve set settle shine shrink shut simmer sing sit sleep solve spend spill spoil
    starve steal stir strengthen submit subscribe succeed suffer suggest suppose surrender survive swallow swear
    teach tend threaten
    tighten transcribe transfer transform translate transmit unveil urge utilize vanish vary vow warn wear weigh
    welcome whisk wipe withdraw write
    """
)
VERBS_AND_NOUNS: Final = _words(
    """
    act aim answer arrest attack attempt ban battle beat benefit block blow board boost box brake break brush burn
    cast cause chance change charge chase check claim clash climb comment contact cook cost count cover crash cross
    cut damage dance date deal delay demand design download dress drink drive drop drum end escape estimate exit
    experience face fall fight film fire fish fix flash float flood flow fly focus force freeze function guard guide
    hammer hand head heat help hike hit hold host hug hunt impact increase influence interest issue joke judge kick
    kiss knock lack land laugh launch lead lift light limit link list load lock march mark matter measure melt mind
    miss mix name note notice object offer order pack paint pan park pass pause pay permit phone pick place plan
    plant plate play point pose pound practice present press price print process profit promise protest pull pump
    push question quote race rain rate reach record release repair report request rescue rest result return ride
    rise risk roll rule run sail scan score search season seat sense share ship shop shout sign sink slice slip
    smile snow sort sound spot spread stage stand state stay step stick store stream stretch strike struggle study
    support surprise swim switch talk taste test throw tie touch tour track trade train travel treat trip trust
    tweet upload view visit vote wait wake walk wash watch water wave win wonder worry
    """
)
IRREGULAR_VERBS: Final = _words(
    """
    ate became began begun bent bet bit blew bought bound broke broken brought built burnt came caught chose chosen
    crept dealt drank drawn drew driven drove drunk dug eaten fallen fed fell felt flew flown forgot forgotten fought
    froze frozen gave gone grew grown heard held hid hidden hung hurt kept knelt knew laid lain lay led left lent lit
    lost made meant met overcame paid ran rang read ridden risen rode rose rung said sang sank sat sent shaken shook
    shot shown shrank slept slid sold sought spent spoke spoken spun stole stolen stood struck stuck sung sunk swam
    swept swore sworn swum swung taken taught thrown threw told took tore torn understood undertook went woke woken
    won wore worn wound wove written wrote agreed freed guaranteed built
    """
)
