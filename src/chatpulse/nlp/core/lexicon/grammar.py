"""Words that change what other words mean, and words that are never counted."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NEGATORS = _words("""
not isn't isnt wasn't wasnt aren't arent weren't werent don't dont doesn't doesnt didn't didnt won't wont wouldn't
wouldnt can't cant cannot couldn't couldnt shouldn't shouldnt ain't aint hasn't hasnt haven't havent hadn't hadnt
never without hardly neither nor nobody nothing none
""")
"""They turn the next words round: "not good" is a little bad, "not bad" a little good."""

NO_WORDS = _words("no zero 0 nah")
"""They negate the very next word only ("no fun"); alone they are an answer."""

BREAKS = _words("but because cause cuz though although however while whereas then")
"""They end what a negation turns round."""

STRONGER = _words("""
very so really super extremely insanely absolutely totally fucking fuckin freaking frickin hella incredibly
ridiculously too most truly such completely actually genuinely literally deadass mad mega ultra highly straight pure
actual
""")

WEAKER = _words("""
kinda kindof sorta somewhat slightly bit little mostly fairly maybe perhaps almost barely partly lowkey might
""")

OPEN_QUESTIONS = _words("""
what what's whats why who who's whos whose when when's where where's wheres how how's hows which anyone anybody
""")
"""A text of some length that starts with one of them asks, with or without a question mark."""

STOP_WORDS = _words("""
a about above after again against all also am an and any are aren't arent as at be because been before being below
between both but by can can't cant could couldn't did didn't didnt do does doesn't doesnt doing don't dont down during
each even ever few for from further get gets getting go goes going gonna got gotta had hadn't has hasn't have haven't
having he he'd he'll he's hes her here hers herself him himself his how how's i i'd i'll i'm i've if im in into is
isn't isnt it it'd it'll it's its itself ive just kinda know let let's lets like ll make makes me might more most much
my myself need no nor not now of off oh ok okay on once one only or other our ours out over own re really right s same
say see she she'd she'll she's should shouldn't so some something still such t than that that's thats the their theirs
them themselves then there there's theres these they they'd they'll they're theyre they've thing things think this
those though through to too u under until up ur us use very want was wasn't wasnt way we we'd we'll we're we've well
were weren't what what's whats when when's where where's which while who who's whom why why's will with won't wont
would wouldn't yeah yes you you'd you'll you're youre you've your yours yourself
""")
"""Never counted as a term: they trend in every chat."""
