"""What people say at the esports event: fast, loud, partisan; Korean, Spanish, Portuguese and Turkish in between."""

from collections.abc import Mapping

from chatpulse.simulation.core.mood import Mood

SLOTS: Mapping[str, str] = {
    "thing": "draft|teamfight|caster desk|flank|retake|economy round|sniper|ultimate|map pick|coach timeout|replay",
    "team": "Nova Herons|Iron Otters|Solstice|Team Marlin|Paper Tigers|Grey Harbor",
    "foe": "Iron Otters|Solstice|Paper Tigers|Grey Harbor|Nova Herons|Team Marlin",
    "player": "Vex|Tamsin|okto|Lumen|Harrow|kiwi9|Sable|Joon",
    "map": "Foundry|Saltworks|Meridian|Old Quay|Terrace|Cobalt",
}

EMOTES: Mapping[Mood, str] = {
    Mood.HYPE: "voltHype PogChamp POGGERS PogU LETSGO EZ voltWin GIGACHAD",
    Mood.LAUGHTER: "OMEGALUL KEKW LULW voltLaugh ICANT",
    Mood.SHOCK: "monkaW NOWAY AINTNOWAY voltWhat",
    Mood.ANGER: "voltRage Madge DansGame SwiftRage PJSalt",
    Mood.SADNESS: "Sadge PepeHands Aware",
    Mood.LOVE: "voltLove <3 GIGACHAD",
    Mood.CALM: "Kappa Clueless COPIUM NODDERS",
    Mood.BOREDOM: "ResidentSleeper Waiting",
}

PHRASES: Mapping[Mood, str] = {
    Mood.HYPE: """{player} ACE
ACE ACE ACE
{player} WITH THE ACE
1v{num} CLUTCH
CLUTCH {e}
{team} LETS GO
{team} {e} {team} {e}
{player} IS NOT HUMAN
{player} carrying so hard
COMEBACK
that {thing} was unreal
REVERSE SWEEP INCOMING
{team} in three, easy
EZ for {team}
BEST SERIES OF THE YEAR
{player} {player} {player}
match point {team}
OVERTIME HYPE
{map} is {team} territory
the crowd is going wild
THE CROWD {e}
insane {thing} by {player}
{team} champions, book it
{player} saw the future
VOLT VOLT VOLT""",
    Mood.LAUGHTER: """{player} whiffed everything OMEGALUL
missed the easiest {thing} lmao
{foe} fans in shambles lol
{player} ran into a wall on live tv haha
caster said "unlucky" with a straight face lol
{team} fell for it twice {e}
{team} strategy: hope
my grandma peeks better than {player} haha
the {thing} was a comedy show
bro threw the smoke at himself lmao
the camera operator panicked lol""",
    Mood.SHOCK: """{player} survived on 1 HP??
HOW DID {player} SEE THAT
THROUGH THE SMOKE
{num} seconds left, WHAT
they swapped the {thing}??
no way {team} wins that round
one bullet, ONE BULLET
did {player} just ninja that""",
    Mood.SADNESS: """{team} deserved more :(
my {team} heart
out in groups again, pain
GG {team}, next year
{player} looks so sad on cam
I waited {num} months for this :(
it's over for {team}""",
    Mood.ANGER: """this team is so washed
{player} is throwing, bench him
worst {thing} I have ever seen
{team} should fire the coach
ref asleep again, terrible
pause abuse, what a joke
{foe} fans are so annoying
admin please, this lag is awful
why would {player} push there, so dumb
this {thing} is garbage
{team} never learn, pathetic
{num} rounds lost in a row, embarrassing
{map} is the worst map in the pool
who trained this team, my goldfish?
{player} asleep at the wheel again
zero teamwork, painful
they had a {num} round lead, how do you lose that
stop peeking alone, so stupid
{team} playing like it's a holiday
delete this {thing} from the game
every year the same disaster, {team}
awful trade, awful timing, awful round
{player} hates winning I guess
the referee is a joke
this meta is so bad""",
    Mood.BOREDOM: """tech pause number {num}
pause again {e}
pause pause pause
analyst desk, time for a nap
play the game already
more ads than rounds, zzz
this {thing} takes forever
{num} minutes of pause, boring""",
    Mood.LOVE: """respect to both teams
{player} is such a good sport
love this event, great production
casters are amazing today <3
thanks for the free stream, best event
{player} hugging the other team, love it
what a series, proud of both""",
    Mood.QUESTION: """what's the score?
who won the first map?
is this the final?
when does {team} play?
why is it paused?
who is the caster?
is {player} playing today?
best of three or five?
what happened on {map}?
who do they play next?
is {foe} out?
which map is next?""",
    Mood.CALM: """{team} on defence now
{map} is a {team} pick
score is {num} to 4
{player} saving the weapon
eco round
timeout {team}
draw would be fine for {foe}
{player} has been quiet this map
long rotation through the market
they know the {thing} is coming
I have {team} in my bracket
bracket already ruined
bo5 so still a long way
first to thirteen
halftime
{foe} won the pistol round""",
    Mood.QUARREL: """{team} only wins against bots
{player} is overrated and you know it
{foe} would destroy {team}, easy
without {player} your team is nothing
{team} fans are the worst, every year
luck is not skill, stop it
your bracket is trash
regional bias, as always
{player} was better in his old team, facts
you only joined when {team} started winning
{team} got carried by the {thing}, terrible team""",
}

FOREIGN: Mapping[Mood, str] = {
    Mood.HYPE: """vamos
VAMOOOS
qué jugada
eso es todo {team}
meu deus que jogada
vai {team}
대박
미쳤다
와 이걸 이기네
haydi {team}
helal olsun {player}""",
    Mood.LAUGHTER: """jajajaja
JAJAJAJA qué malo
kkkkkkkkk
kkk que fase
ㅋㅋㅋㅋ
ㅋㅋㅋㅋㅋㅋㅋ 뭐야
ahahaha""",
    Mood.ANGER: """qué vergüenza de equipo
fora técnico
아 진짜 못하네
rezalet
qué robo, qué robo
no aprenden nunca
que vergonha
joga nada esse time
왜 저러냐
또 졌네 진짜
böyle oyun olmaz""",
    Mood.SADNESS: """qué pena
que tristeza
아쉽다
yazik oldu""",
    Mood.QUESTION: """¿quién gana?
quanto tá o jogo?
지금 몇 대 몇?
skor kaç?""",
    Mood.GREETING: """hola chat
boa tarde
안녕하세요
selam""",
    Mood.CALM: """buen mapa para nosotros
segundo tempo melhora
다음 맵 어디
sonraki harita mühim""",
}

PASTAS: tuple[str, ...] = (
    "I have watched every round of the Paper Tigers since the beginning and can only say that my chair is tired",
    "This is the lucky otter. He has been banned from three arenas. Send him to five chats and your team wins the map.",
    "My doctor told me to avoid stress so I now support both teams and suffer twice as much, please send a pause",
    "Excuse me, caster, my bracket is not broken, it is simply having a different opinion about what happened today",
    "Raise your keyboards, we ride at dawn, and by dawn I mean after the fourth technical pause of this fine evening",
)

COMMANDS: tuple[tuple[str, str], ...] = (
    ("!score", "{team} 9 : {num} {foe}, {map}."),
    ("!bracket", "Upper final now, lower final tomorrow at 16:00."),
    ("!teams", "{team} against {foe}, best of five."),
    ("!map", "Now on {map}. Next is {map}."),
    ("!schedule", "Three more series today; the final starts on Sunday at 18:00."),
    ("!casters", "On the desk: Ines Halloran and Tobi Marsh."),
)

TIMERS: tuple[str, ...] = (
    "Vote for the player of the map in the panel below.",
    "Be kind to players, casters and each other. Moderators are watching.",
    "Drops are enabled. Link your account before the final.",
)
