"""What people say at the cosy art and cooking channel: slow, kind, full of questions, in four languages."""

from collections.abc import Mapping

from chatpulse.simulation.core.mood import Mood

SLOTS: Mapping[str, str] = {
    "thing": "glaze|brush|little fox|mushroom teapot|sourdough|soup|paint|kiln|apron|clay snail|sketchbook|lemon cake",
    "colour": "sage green|rust red|butter yellow|dusty blue|plum|warm grey",
    "dish": "lentil soup|plum cake|dumplings|onion tart|miso noodles|cardamom buns",
    "craft": "gouache|the pottery wheel|linocut|embroidery|watercolour|cross-hatching",
}

EMOTES: Mapping[Mood, str] = {
    Mood.HYPE: "mossSparkle peepoClap Clap",
    Mood.LAUGHTER: "mossGiggle LUL peepoGiggles",
    Mood.SHOCK: "mossPeek OhMyDog",
    Mood.SADNESS: "mossCry peepoSad",
    Mood.LOVE: "mossHeart mossHug <3 peepoLove",
    Mood.CALM: "mossTea comfi peepoComfy SeemsGood",
    Mood.GREETING: "mossHi HeyGuys VoHiYo",
    Mood.BOREDOM: "Bedge mossTea",
    Mood.THANKS: "mossHeart mossHug",
}

PHRASES: Mapping[Mood, str] = {
    Mood.HYPE: """the {thing} is perfect, wow
that {colour} is stunning
it survived the kiln, amazing
look at that shine {e}
what a reveal
best {thing} so far
the {dish} looks incredible
gorgeous, just gorgeous
I would hang that on my wall today
you nailed the {colour}""",
    Mood.LAUGHTER: """the {thing} looks surprised haha
he has one eyebrow, I love him lol
the cat stole the {thing} again lol
flour everywhere haha
happy little accident {e}
that's not a fox, that's my uncle lol
the soup is plotting something
{hero} vs the oven, round {num} haha
tiny hat, tiny hat, tiny hat""",
    Mood.SHOCK: """oh no, the {thing}!
careful with the knife!
it cracked?
the kiln is HOW hot?
wait, you put {colour} on top of that?
is the {dish} supposed to smoke""",
    Mood.SADNESS: """oh no, poor {thing}
the crack makes me sad :(
rip little {thing}
all those hours, I'm so sorry {hero}
we can glue it, right? :(
my {dish} burned too, I feel you""",
    Mood.ANGER: """the glaze lied to us
that oven is terrible
stupid kiln
I hate when the paint does that
delivery came broken again, so annoying""",
    Mood.BOREDOM: """waiting for the paint to dry, literally
drying time, tea time
so sleepy, in a good way
nothing happens and I don't mind""",
    Mood.LOVE: """this is the cosiest place on the internet
the {thing} is so cute I could cry
your voice is so calming {hero}
thank you for teaching us {craft}
I made your {dish}, my family loved it
love the {colour}
I started {craft} because of you <3
sending you a warm {dish}
what a sweet little {thing}
this stream is like a blanket
you make {craft} look easy, and you are so kind about mistakes
{name}, your painting from yesterday was lovely
I look forward to this all week {e}
mossHeart mossHeart mossHeart""",
    Mood.QUESTION: """which brush is that?
what paper do you use for {craft}?
how long does the {thing} stay in the kiln?
is that {colour} or something warmer?
can I make the {dish} without butter?
how do you stop the {thing} from cracking?
could you show {craft} again slowly?
do you prefer {craft} or oil?
where did you learn {craft}?
is the recipe for the {dish} written somewhere?
what's in the mug today?
does the fox have a name?
can beginners try {craft}?
how thick is the clay?
will there be a {thing} in the shop?
at what temperature do you bake it?
would {colour} work as a background?
how do you clean the brushes?""",
    Mood.CALM: """the {colour} next to the {thing} works well
knitting along over here
I have the {dish} in the oven right now
rain outside, tea inside
painting along, mine looks like a potato but a happy one
a bit more {colour} on the left maybe
I like the second sketch more
the sound of the brush is so nice
my kid says hello to the {thing}
taking notes for the {dish}
{craft} day is a good day
let the layer dry first
a pinch of salt goes a long way
new apron, looks nice
my sourdough is called Gerald
{num} tries before mine looked like that
candle lit, blanket on
grey day here, this helps""",
    Mood.GREETING: """hello lovely people
good evening, tea is ready
hi {hero}, hi {name}, hi everyone
just got home, perfect timing
popping in before work, have a lovely stream
hello from my kitchen
hi, I brought biscuits""",
    Mood.QUARREL: """you should never mix {colour} like that
real {dish} has no cream, sorry
store-bought clay is fine, stop shaming people
that's not how {craft} works
you are being rude about {craft}""",
}

FOREIGN: Mapping[Mood, str] = {
    Mood.LOVE: """qué bonito te quedó
me encanta este color
eres un amor {hero}
qué paz me da este directo
das ist so schön geworden
wie süß, ich liebe den Fuchs
danke für den schönen Abend
ich hab dich lieb, Chat
かわいい
すごくかわいいです
癒される
いつもありがとう
素敵な色ですね""",
    Mood.CALM: """aquí está lloviendo, con café en mano
yo también estoy pintando
me gusta más el segundo boceto
bei mir gibt es heute Suppe
ich male nebenbei mit
Feierabend, endlich Tee
仕事終わりました
お茶飲みながら見てます
今日は寒いですね""",
    Mood.QUESTION: """¿qué pincel usas?
¿cuánto tiempo va al horno?
¿se puede hacer sin mantequilla?
welches Papier benutzt du?
wie lange muss das trocknen?
kann man das auch ohne Ofen machen?
その筆は何ですか?
これは何の色ですか?
レシピありますか?""",
    Mood.GREETING: """hola a todos
buenas noches desde Sevilla
hallo zusammen
guten Abend {hero}
こんばんは
初見です こんにちは""",
    Mood.HYPE: """qué maravilla
te quedó perfecto
wow, wunderschön
きれい!
すごい!""",
    Mood.LAUGHTER: """jajaja
jajaja pobre zorro
haha der Blick
草
笑った""",
}

PASTAS: tuple[str, ...] = (
    "This is the clay snail of calm. Pass him on to one friend and your next glaze will come out of the kiln smiling.",
    "I came for the soup, I stayed for the little fox, and now I own four kinds of grey and no free shelves",
    "May your bread rise, may your paint dry evenly, may your cat sleep anywhere but on the paper tonight",
)

COMMANDS: tuple[tuple[str, str], ...] = (
    ("!recipe", "Today's {dish}: the written recipe is in the panel called Kitchen."),
    ("!paint", "Gouache today, mostly {colour}. The full list of colours is in the panel called Studio."),
    ("!kiln", "The kiln needs {num} more hours and cools down overnight."),
    ("!tea", "{hero} has had {num} cups of tea today."),
    ("!fox", "The fox is called Rusk. He is not for sale. He is for admiring."),
)

TIMERS: tuple[str, ...] = (
    "Remember to drink something warm and stretch your hands.",
    "Show your own work in the gallery channel, beginners very welcome.",
    "The next firing is on Saturday. Wish the little pots luck.",
)
