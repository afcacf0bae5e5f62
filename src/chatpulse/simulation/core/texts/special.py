"""Texts that belong to an occasion: subs, cheers, redemptions, moderators, spam, and texts that attack a page.

Slots as in `texts.talk`.
"""

RESUBS: tuple[str, ...] = (
    "another month, still the best seat in the house",
    "{num} months already, time flies",
    "happy to support {hero}",
    "did someone say badge upgrade {e}",
    "my anniversary with this chat <3",
    "can't miss the streak",
    "for the emotes, honestly",
    "love this place, see you next month",
    "hi mum, I'm on stream",
    "thank you for all the good evenings",
    "still here, still bad at the {thing}",
    "one more month closer to the fancy badge PogChamp",
)
CHEERS: tuple[str, ...] = (
    "great stream",
    "for the coffee fund",
    "that {thing} deserves it",
    "take my bits {e}",
    "worth every bit",
    "keep going {hero}",
    "can you say hi to {name}?",
    "first cheer ever, hi",
    "because that was amazing",
)
REDEMPTIONS: tuple[str, ...] = (
    "please drink some water",
    "posture check",
    "say something nice about the {thing}",
    "show the cat please",
    "tell us a bad joke",
    "name the next one after me",
    "play the trumpet sound",
    "one minute without the letter e",
)
HIGHLIGHTS: tuple[str, ...] = (
    "my friend {name} is watching for the first time, say hello",
    "spent all my points on this, hi {hero}",
    "just passed my exam today",
    "please everyone look at the {thing} for a second",
    "it's my birthday and I'm spending it here",
)
ACTIONS: tuple[str, ...] = (
    "dances {e}",
    "hides behind the sofa",
    "brings snacks for everyone",
    "claps slowly",
    "takes notes",
    "hugs {name}",
    "stares at the {thing}",
    "raises a mug",
    "falls off the chair {e}",
)
BYSTANDERS: tuple[str, ...] = (
    "popcorn anyone",
    "can you two calm down",
    "guys please",
    "chat fight",
    "it's just a game",
    "mods? modCheck",
    "who even started this",
    "take it to whispers please",
    "both of you need a snack",
    "I agree with the second one",
    "drama again DansGame",
    "not this topic again",
)
MODERATORS: tuple[str, ...] = (
    "ok, that's enough, both of you take a break",
    "let's keep it friendly please",
    "slow mode for a bit, breathe everyone",
    "new topic now please",
    "read the rules before you come back",
    "calm down chat, thank you",
)
WELCOMES: tuple[str, ...] = (
    "welcome raiders, make yourselves at home",
    "welcome in everyone, thank you for the raid {raider}",
    "hello {raider} and friends, what were you up to today?",
    "raid! quick, everybody look busy",
)
ANNOUNCEMENTS: tuple[str, ...] = (
    "The giveaway closes in ten minutes, type your favourite colour once.",
    "Schedule for next week is out, see the panels.",
    "Community night is on Friday, everyone is invited.",
    "Please keep spoilers out of chat today.",
    "The poll is open: what should come next?",
)
SPAM: tuple[str, ...] = (
    "Best viewers and followers, cheap, see viewers-shop.example now",
    "I doubled my coins in one day, ask me how at coins.example",
    "Hello friend, I make logos and overlays, add me, discount today only, art-deals.example",
    "free skins here skins.example click before it closes",
)
HOSTILE: tuple[str, ...] = (
    "<img src=x onerror=alert('chat')>",
    "<script>document.title='owned'</script> hi",
    "'; DROP TABLE messages; --",
    "\u202eereh ereht olleh\u202c right to left",
    '<b>bold</b> and <a href="javascript:alert(1)">link</a>',
    "{{7*7}} ${7*7} %s %n %x",
    '"><svg onload=alert(1)>',
    "=cmd|'/c calc'!A1",
    "z\u0335a\u0336l\u0337g\u0338o\u0334 text over the lines",
    "../../../../etc/passwd \\..\\..\\secrets",
)
STREAKS: tuple[str, ...] = (
    "never missed one",
    "hi everyone",
    "again and again {e}",
    "",
    "",
)
RAIDERS: tuple[str, ...] = (
    "TangerineTorque",
    "wildmerino",
    "Bramblecast",
    "noodlewright",
    "PocketGlacier",
    "sundialjess",
    "HexAndHoney",
    "larkspur_live",
)
CHARITIES: tuple[str, ...] = ("Lanterns for Libraries", "Clean River Fund", "Paws & Pathways")
