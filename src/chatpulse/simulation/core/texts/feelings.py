"""English chat that fits every channel: what people feel.

Slots: `{e}` an emote of the mood, `{hero}` the streamer, `{name}` a regular, `{num}` a number, `{thing}` something of
this channel. All sentences are invented; slang is common property of chat.
"""

from collections.abc import Mapping

from chatpulse.simulation.core.mood import Mood

PHRASES: Mapping[Mood, str] = {
    Mood.HYPE: """LET'S GO
lets gooo
WHAT A PLAY
that was insane
no way that worked, amazing
HE DID IT
she actually did it
huge
HUGE
absolutely massive
🔥🔥🔥
🔥 {e}
🎉🎉 {e}
👏👏👏
clip it
CLIP THAT
someone clip that now
I was here
history in the making
I WAS HERE
so clean
that was so clean
cleanest thing I have seen all week
chills, actual chills
W
big W
WWWWW
biggest W of the night
poggers moment
insane timing
calculated
the hype is real
I am standing up right now
my neighbours think I'm crazy
best stream of the year
goosebumps
perfect, just perfect
flawless {e}
{hero} is cracked today
{hero} you legend
never doubted {hero} for a second
that {thing} was beautiful
gg gg gg
GG WP
hype hype hype
we are so back
WE ARE SO BACK
this is it
this is the one
{e} {e} {e}
top {num} moments of all time
rewind that please, what a moment""",
    Mood.LAUGHTER: """LMAO
lmaooo
lol
LOL
hahaha
HAHAHAHA
I can't breathe
I'm crying
I'm actually wheezing
the timing, I can't
that face though
{hero}'s face {e}
he said it so seriously
and then it just falls over
what was that noise
who let the chair talk
the {thing} had other plans
plan A, plan B, plan oops
confidence: {num}, result: zero
that's going in the compilation
comedy gold
I spat out my tea
my sides
dead
I'm dead 💀
😂😂😂
😂 {e}
💀
did that just happen lol
{name} called it five minutes ago lmao
of course it does that on stream
scripted by a clown
smooth {e}
graceful as always lol
nobody saw that, right
we all saw that
play it again in slow motion
{e} {e}
best joke of the evening, by accident
rip {thing}, you were funny
it's the little hop for me haha
ok that one got me""",
    Mood.SHOCK: """WHAT
what
wait what
WAIT
excuse me??
how
HOW
no way
NO WAY
no shot
that's not possible
did you see that
what just happened
my heart
my heart can't take this
I blinked and missed it
oh my god
OMG
I did not expect that
nobody expected that
that was one pixel away
{num} percent chance, they said
hold on, rewind
is that even legal
holy moly
did the {thing} just vanish
I'm shaking
that scared me
jumpscare {e}
who does that
{e} what
are we sure that was real
I have never seen that before""",
    Mood.SADNESS: """nooo
NOOO
no :(
so close
that was so close
pain
just pain
it hurts
unlucky
so unlucky
rip
RIP
rest in peace {thing}
I can't watch
my heart is broken
he deserved better
she deserved that one
all that work for nothing
next time {hero}
😭
😭😭 {e}
heads up {hero}, it happens
sad day
that one hurt
F
F in the chat
big F
robbed
we were so close to greatness
and it was all going so well
I believed
there goes my evening
goodnight sweet {thing}
it's over
it's so over
press F for the {thing}
{e} why""",
    Mood.ANGER: """this is awful
terrible
worst call ever
are you serious
oh come on
COME ON
what a joke
unbelievable, so bad
stop doing that
stop it
why would you do that
I hate this {thing}
hate it
rigged
this is so rigged
trash {thing}
this is painful to watch
fix your game
who designed this garbage
ridiculous
that's just unfair
so annoying
enough with the ads already
worst timing for an ad ever
stop throwing
this is so frustrating
zero brain cells used
so washed
honestly embarrassing
disaster
what a waste of time
I'm done, this is stupid
{e} seriously
nobody asked for this
terrible take, terrible {thing}""",
    Mood.BOREDOM: """zzz
zzzzz
boring
so boring
this part is so slow
still loading?
still here
are we there yet
is something going to happen
skip
can we skip this
I made coffee and nothing changed
wake me up when it starts
falling asleep here
yawn
slow day
{num} minutes of menu
dead chat
anyone alive
my cat left the room
it's the waiting game again
ok I'm doing the dishes, ping me
the {thing} is not doing anything
{e} {e}
longest intermission ever
watching paint dry would be faster
snooze""",
    Mood.LOVE: """love this
love you {hero}
I love this community
best chat on the site
this made my day
so happy to be here
proud of you {hero}
so proud
you deserve all of this
wholesome
so wholesome {e}
this is adorable
aww
awww
too cute
thank you for the stream, it helps a lot
you are the best {hero}
bless you all
hugs for everyone
good vibes only
the nicest people in here
my comfort stream
{name} you are so kind
this is my favourite part of the week
beautiful
that was beautiful
sending love from the night shift
<3 <3 <3
{e} {e}
happy tears
❤️
❤️ {e}
🥰 so sweet
needed this today, thank you
never change {hero}
warm and fuzzy feeling""",
}
