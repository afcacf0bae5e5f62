"""English chat that fits every channel: what people ask, tell and answer.

Slots: `{e}` an emote of the mood, `{hero}` the streamer, `{name}` a regular, `{num}` a number, `{thing}` something of
this channel, `{raider}` and `{gifter}` who raids and gives. All sentences are invented.
"""

from collections.abc import Mapping

from chatpulse.simulation.core.mood import Mood

PHRASES: Mapping[Mood, str] = {
    Mood.QUESTION: """how long have you been live?
what time does the stream end?
is this live?
what song is this?
does anyone know the name of this song?
what did I miss?
what's going on?
can somebody explain?
who is winning?
is there a schedule somewhere?
how many hours did that take?
wait, is that allowed?
what keyboard is that?
what mic do you use {hero}?
is {name} here today?
where are you from {hero}?
can you show the {thing} again?
what's the plan for tomorrow?
is there a highlight of that?
why did that happen?
how does the {thing} work?
did anyone else lose sound?
is the delay bigger than usual?
what is the goal for today?
where can I watch the last one?
do we get a rerun?
when is the next break?
how do I get that badge?""",
    Mood.CALM: """ok
nice
true
makes sense
fair enough
interesting
one more try
back from dinner
brb
back
that checks out
I was thinking the same
good point
the audio is better today
new camera angle
the lighting looks different
I tried that once, took me {num} attempts
I have the same chair
same
mood
I think the left side was faster
watching from work, don't tell anyone
on my phone today
second monitor gang
it's {num} degrees here
it's late here but one more round
half the chat is asleep in my time zone
the {thing} looks different from here
that {thing} has a mind of its own
just got here, looks good
quiet start today
steady progress
slow and steady
this is the tricky part
here it comes
almost there
we'll see
could go either way
I'd do the {thing} first
{name} would know that
depends on the day
not bad at all
solid""",
    Mood.GREETING: """hi
hello
hey chat
hello everyone
hi {hero}
good evening {hero} and chat
good morning from the other side of the world
hi all, first coffee of the day
hey {name}
yo chat
o/
hiya
evening all
hello from the train
made it in time today
{e} chat
hi chat, how are we doing
back after {num} days, missed you all
lurking while I cook, hi
hello friends
night all, sleep well
good night chat""",
    Mood.REPLY: """yes
no
yeah, same here
I think so
not really
exactly
exactly this
it was about {num} minutes ago
check the pinned message
nah, it was the {thing}
maybe, not sure
thanks!
haha true
good question
you are right
pretty sure that was last week
ask {name}, they know
just refresh the page
that's what I said
it worked for me
no idea honestly
second try, I think
welcome back
agreed""",
    Mood.QUARREL: """that is just wrong
you have no idea what you are talking about
did you even watch the same stream
wrong, check the rules
stop backseating
I have {num} hours in this, trust me
nobody asked you
then explain why it failed
typical bad take
cope harder
you are embarrassing yourself
that's not how it works, stop
you said the same nonsense yesterday
source: you made it up
worst opinion in chat today
keep crying
no, YOU are wrong
can you stop spamming this garbage
look it up before you type
so salty over nothing
that {thing} was terrible and you know it
imagine defending that
I'm done talking to you
you always say that and it's always stupid""",
    Mood.RAID: """RAID
raid hype
{raider} RAID
{raider} raid {e} {e}
hello from {raider}
{raider} sent us
{e} {raider} {e}
we come in peace
raiders are here, hi
what a lovely raid
surprise
{raider} says be nice so we are nice
hi, what are we watching?
new here, looks fun
{e} {e} {e}
raiders
incoming
made it
we are here
hi from the raid
hello new friends
what a nice place
who are we raiding?
did the raid work?
following, hello
{raider} talked about you all evening
{raider} says this is the best place to land
we brought snacks from {raider}
came for {raider}, staying for the {thing}
never seen the {thing} before, explain please
is it always this busy in here?
first time here, how do you say your name?
last stream was long, happy to sit down here""",
    Mood.THANKS: """thank you {gifter}
thanks for the gift {gifter} {e}
{gifter} is so generous
{gifter} you legend
what a gift
wow, thank you so much
clap for {gifter}
{e} {gifter}
generous people in here
welcome to the club
gift hype
GIFT HYPE
I got one, thank you {gifter}
dodged again
{gifter} carrying the chat
love to see it
the kindest chat {e}
so generous
wow
thanks
thank you!
gifts {e}
respect
no way
again?
lucky people
{gifter} strikes again
so many new badges
grats to everybody who got one
missed it by one place, as always
that is somebody's rent, wow
next month I'll pay it back to this chat
first gift I ever got in {num} months""",
}
