"""What people say at the speedrun channel: fast English, splits and glitches, a little French and Portuguese."""

from collections.abc import Mapping

from chatpulse.simulation.core.mood import Mood

SLOTS: Mapping[str, str] = {
    "thing": "clip|split|door skip|wall jump|cutscene|timer|elevator|ice level|final boss|menu|bridge glitch",
    "boss": "the Clock Warden|the Moth Queen|the Rust Giant|Old Salt|the Twin Lanterns|the Paper Dragon",
    "level": "Tidewell|the Copper Mine|Glass Forest|Sky Dock|the Undercroft|Frost Gate|Lantern Row",
    "runner": "mintcomet|okapi_runs|halfframe|duskline|turboquail",
}

EMOTES: Mapping[Mood, str] = {
    Mood.HYPE: "quillZoom quillPB FeelsGoodMan 5Head HYPERCLAP",
    Mood.LAUGHTER: "quillOops PepeLaugh Pepega",
    Mood.SADNESS: "quillReset PepeHands",
    Mood.LOVE: "quillLove FeelsStrongMan",
    Mood.CALM: "quillTea GlitchCat COPIUM ratJAM",
    Mood.GREETING: "quillHi",
    Mood.BOREDOM: "quillTea",
}

PHRASES: Mapping[Mood, str] = {
    Mood.HYPE: """GOLD SPLIT
another gold, that's {num} in a row
PB PACE
we are {num} seconds ahead
he got the {thing} first try
FIRST TRY {e}
that {thing} was frame perfect
frame perfect wow
{level} in under two minutes, insane
new record pace let's go
{boss} in one cycle
ONE CYCLE {boss}
the run is alive
{runner} would be proud
world record pace, nobody breathe
skipped all of {level}, amazing
fastest {level} I have ever seen
every trick landed, what a run
he hit the {thing} backwards {e}""",
    Mood.LAUGHTER: """bonked on the same wall again lol
the {thing} bonk, a classic
lost to a wooden fence lmao
{boss} fell in the lava by himself haha
opened the map by accident again lol
went the wrong way in {level} {e}
{num} hours of practice for that jump lmao
the door won
door: {num}, {hero}: 0
speedrun strategy: fall off
respawned facing the wall, perfection lol
new strat: die""",
    Mood.SHOCK: """he clipped through {level}??
how is he still alive
{boss} just despawned, what
that skip was never found before, right?
saved {num} seconds with THAT?
one health left, one!
did he just skip {level}
the timer still runs?!""",
    Mood.SADNESS: """there goes the run
reset
reset {e}
lost {num} seconds to the {thing}, ouch
dead to {boss} again
so close to the record, that hurts
the {thing} killed the run
{num} attempts and it ends like this
choked at {boss}, happens to the best
the pace is gone :(""",
    Mood.ANGER: """that hitbox is garbage
worst random number ever
{boss} is so badly designed
who puts a pit there, terrible
the game ate my input, so annoying
hate {level} so much
this rng is criminal
unskippable cutscene, awful
that collision was a lie""",
    Mood.BOREDOM: """unskippable cutscene, time for tea
autoscroller time {e}
{level} takes forever
slowest elevator in gaming
the waiting room strats, zzz
here comes the long walk again""",
    Mood.LOVE: """great run {hero}, win or lose
love watching you learn this {thing}
this community taught me to run {level}, thank you
{runner} and {hero} are the best duo
your patience is an inspiration {hero}""",
    Mood.QUESTION: """what category is this?
what's the record in {level}?
how much time does the {thing} save?
is the {thing} consistent?
which version is faster?
is this any percent?
what is his best time?
did he get the {thing} last run?
who found the {thing}?
why not skip {level}?
does {boss} have a fast phase?
how many attempts today?
what controller is that?
is {runner} running this weekend too?""",
    Mood.CALM: """still {num} seconds behind gold
even split
plus {num} here, can be won back in {level}
{level} next
he takes the safe route
backup strat, good choice
the {thing} is coming up
okapi route is a bit slower but safer
timer says {num}
{boss} has three phases, the second is the hard one
I learned the {thing} last month, took {num} tries
the old route went left here
you buffer the jump, then turn
that's two frames, not one
the lag in {level} is normal
{runner} does it one jump later
any percent players in chat say hi
practice room paid off""",
    Mood.QUARREL: """{level} skip is not worth it, everyone knows that
old route is faster, stop pretending
emulator runs don't count, deal with it
{runner} is better and it's not close
your best time is {num} minutes slower, sit down
the {thing} is cheating, end of story
glitchless is the only real category""",
}

FOREIGN: Mapping[Mood, str] = {
    Mood.HYPE: """allez allez allez
c'est parti
incroyable ce run
quelle maîtrise
que isso, absurdo
vai vai vai
jogou demais
boa demais {e}""",
    Mood.LAUGHTER: """mdr
ptdr le mur encore
kkkkkkkk
kkkkk que queda foi essa
trop drôle""",
    Mood.SADNESS: """dommage
quel dommage, si proche
que pena, tava lindo""",
    Mood.CALM: """bonsoir le chat
je regarde depuis Lyon
boa noite chat
aqui são duas da manhã
il prend la route tranquille""",
    Mood.QUESTION: """c'est quoi la catégorie ?
quel est le record ?
qual é o recorde?
que jogo é esse?""",
    Mood.LOVE: """merci pour le stream
te adoro {hero}
bravo {hero} tu le mérites""",
}

PASTAS: tuple[str, ...] = (
    "Dear runner, I am the wooden fence of Tidewell. You have hit me nine times tonight and I still believe in you.",
    "My grandmother finished the Copper Mine while knitting a scarf for the Moth Queen, so what is stopping you",
    "Nobody asks how the elevator feels. It goes up, it goes down, it loses you four seconds, and it loves you.",
    "I told my boss I was sick so that I could watch a man jump into the same wall until the wall said sorry",
)

COMMANDS: tuple[tuple[str, str], ...] = (
    ("!pb", "Best time of {hero} in this category: 41:{num}."),
    ("!wr", "World record: 40:{num}, set by {runner}."),
    ("!category", "Lantern Keeper, any percent, no major glitches."),
    ("!route", "Tidewell, Copper Mine, Glass Forest, then Sky Dock. Notes are on the page of the route."),
    ("!uptime", "Live for 2 hours and {num} minutes."),
    ("!attempts", "Attempt number 1{num} of this route."),
)

TIMERS: tuple[str, ...] = (
    "Splits and route notes are in the panels below the stream.",
    "New here? This is a run of Lantern Keeper, any percent. The green numbers are good news.",
    "Please no backseat gaming unless the runner asks for it.",
)
