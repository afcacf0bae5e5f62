"""Subscriber emotes: what the ending of a name such as `someoneHype` says, and a few that the whole site knows.

A subscriber emote is the channel's prefix in lower case and an ending that starts with a capital. Endings are lower
case here; one that is not listed falls back to the emote or word of that spelling.
"""

ENDINGS = """
+1.0 laughter: lul lulw lol omegalul kek kekw laugh lmao lmfao haha hehe heh hihi giggle laff wheeze rofl snicker
    giggles lols xd kekber hahaha ahaha bahaha bwaha tehe teehee cackle biglaugh happylaugh roflmao chuckle tee kekl
    lulz
+0.6 hype: pog hype poggers pogchamp letsgo hyper hypers lets wow whoa hyped pogshake letusgo pogs poggies woo wooo
    letsgoo letsgooo rave raid charge train train2 hypetrain run woah onfire fire insane yell power strong flex muscle
    buff pogu pag rock metal raidhype fight attack army legion rise squad gaming game gamer
+1.3 hype: win wins victory gg ggs gj wp champ king queen crown goat clutch mvp trophy winner
+1.8 love: love heart hug l luv hearts kiss lovely <3 kisses cuddle hugs uwu wub blush snuggle smooch adore heartu
    loves lovey smol squish mwah lynakiss headpat pats pat pet petpet headpats patpat
+1.7: happy yay smile joy yippee yippie yey woohoo happi excited excite celebrate party wahoo hooray glee yipee cheers
    cheer cheering woot happynod festive birthday bday
+1.4: clap claps nice good great cool yes comfy comf cozy nod nods nodders hypernod thumbsup thumbs ok okay approve
    cute true thanks thank ty thankyou based w sogood adorable bless blessed pride proud salute respect o7 yeah yep yup
    best support gift gifted sub subbed dub praise angel sparkle star shiny cutie welcome noice perfect yum yummy tasty
    fantastic fam family friend friends sip comfi relax chill vibe vibes vibing real sugoi bravo amazing gold
+1.0: wave hi hey hello waves hai hiya howdy hii hiii sup greet waving henlo hewo arrive wiggle wiggly wiggles bop
    dance dances dancing jam jams jamming pls boogie groove spin spinning sway bounce disco sing music bongo guitar
    drum jamm vibin bopping headbang snack snacks popcorn nom noms eat food cookie tea coffee beer drink gl luck
    goodluck pray hope lurk peek glow flower rose cat dog puppy kitty bun pup nya meow awoo paw boop poke
-1.0 shock: s scared monka monkas scare panic shake sweat nervous fear afraid worried ohno eek panik horror concern
    spook spooky terror yikes stress stressed shaking
-0.7 shock: shock shocked gasp d wtf omg what wut wat huh wha surprised surprise erm omgwtf wah weh bweh
-1.5 sadness: sad cry sob crying hands tears rip f sadge cries tear depress depressed pain sadness sadboi despair
    broken heartbreak hurt suffer agony dead ded death die dies deadge lonely alone miss missed sorry notlikethis nlt
    sealcry sniff unhappy pepehands sadcat bad badman lost lose loss
-1.4 anger: rage mad angry anger ree reee angy grr hate triggered salt salty riot fury growl pissed punch slam tantrum
    gun knife murder kill stab shoot rant furious smash grump grumpy pout slap bonk explode
-1.4: no nope ew gross puke weird cringe fail facepalm ban banned boo disgust wtfman trash toxic l1 smh why creep barf
    scam dumb stupid loser bozo leave oof oops ouch yuck disappoint disappointed shame judge sideeye donowall nah ratio
    thumbsdown rigged
-1.4 boredom: sleep sleeper bored zzz snooze sleepy boring tired yawn zz nap resident snore
+0.2 ~0.6: smug smirk troll sus evil sneak sneaky kappa lewd gasm derp dab lurking ez thirst clown clueless copium cope
    memes meme brain bigbrain iq spicy smoke vape nerd wink flirt cash money rich kk krappa blind hmmge implying
+0.0 ~0.2: think hmm hmmm thinking thonk stare look looking shrug ponder read reading note noted notes listen eyes
    pause question wait mhm n y e a t r b g h c k m o p x z logo face pose head up down
"""

CHANNEL_EMOTES = """
# forsen, sodapoppin, MOONMOON, xQc, LIRIK and other channels whose emotes travelled
+0.0 ~0.7: forsenE forsenSwag forsenX forsenPrime forsenDDK forsenRP forsenSith forsenO forsenBee forsenBoys
    forsenThink forsenWhip forsenLooted forsenSkip forsenCD forsenG forsenK forsenT forsenW forsenIQ forsenA forsenB
    forsen1 forsenSnus forsenSambool forsenStein forsenSheffy forsenTriggered forsenEcardo forsenFajita forsenOG
    forsenWut forsenLewd forsenConnoisseur forsenGrill forsenMonkey forsenHorsen forsenHead forsenWeird25 forsenDab
    forsenGun moon2SMUG moon2SPY moon2E moon2B moon2N moon2M moon2A moon2PH moon2MLEM moon2AY moon2DAB moon2MM sodaG
    sodaW sodaTHINKING sodaC sodaHP sodaLEWD sodaWAT sodaTOUCAN xqcSmug xqcThonk xqcGreed xqcJudge xqcTree xqcK xqcA
    xqcM xqcN xqcP xqcT xqcWut xqcArm1 xqcArm2 xqcFast lirikTHINK lirikS lirikMLG lirikDJ lirikD lirikH lirikTEN
    lirikCHAMP lirikNS lirikSMUG lirikCRASH nymnCorn nymnE pajaE pajaCMON pajaLada pepeCD AlienFors zulul
+0.9 laughter: forsenKek forsenOP moon2XD moon2LUL moon2LULT moon2GIGGLE sodaKEK xqcLUL xqcOmega xqcKek lirikLUL
    lirikHAHA moon2LOLE sodaLUL forsenLUL
+0.5 hype: forsenPls moon2GUMS moon2HYPERS moon2POG moon2W sodaPls sodaH xqcPls forsenInsane forsenH forsenGASM
    forsenHype moon2O moon2T moon2DOIT moon2DO moon2IT xqcEZ xqcSword xqcChamp xqcSwole lirikPOG lirikRAVE moon2RAVE
+1.3: moon2HAPPY moon2CUTE moon2GOOD moon2COMFY moon2BASED moon2YE moon2CHAMP xqcComf xqcComfy xqcHug sodaHappy
    lirikGOOD lirikNICE lirikCOMFY lirikHug lirikHEY sodaCOMFY sodaHey forsenHappy sodaNICE moon2COFFEE forsenHi sodaHi
    moon2WAVE moon2HEY moon2HI xqcHi moon2DANCE sodaAYAYA moon2AYAYA sodaDANCE forsenJAM moon2JAM sodaGpls
+1.8 love: moon2L moon2LOVE moon2KISSES moon2H moon2HUG xqcL xqcLove hasL sodaL sodaLove lirikLOVE lirikL forsenLove
    forsenL forsenHug nymnL shroudLove shroudL sumLove timLOVE cohhL cohhLove pokiL pokiLove lilyL ludwigL asmonL qtpL
    quinL bulldogLove tsmL drL timL sumL mizkifL mizkifLove
-1.1 shock: forsenS forsenMonkaS moon2S moon2MONKA sodaS sodaMONKA xqcS xqcMonka moon2SPOOKY grizzS draS lirikNERVOUS
    moon2EEK
-0.8 shock: forsenD forsenR moon2D moon2WOW sodaD sodaWH xqcD moon2WUT moon2WHAT lirikWUT lirikEEK
-1.4 sadness: forsenDED forsenCry forsenSad forsenBad moon2CR moon2CRY moon2SAD moon2PAIN moon2RIP sodaCRY sodaSAD
    sodaSUFFER sodaRIP xqcSad xqcHands xqcF xqcCry lirikFEELS lirikRIP moon2DEAD moon2F sodaF forsenF
-1.4 anger: forsenREE forsenRage forsenKnife moon2REE moon2MAD moon2RAGE moon2GUN sodaRAGE sodaREE sodaRIOT xqcRage
    xqcREE xqcMad lirikSALT lirikMAD lirikRIOT forsenMad moon2VERYSCARED
-1.3: forsenPuke forsenPuke1 forsenPuke2 forsenPuke3 forsenPuke4 forsenPuke5 forsenWeird forsenC forsenNope forsenNo
    moon2PUKE moon2CRINGE moon2BOO moon2WEIRD moon2BAD moon2DUMB moon2DEV sodaPUKE sodaNO sodaCRINGE xqcHAhaa xqcCringe
    xqcPuke xqcWeird lirikPUKE lirikNO lirikNOT lirikFAKE forsenCringe moon2EW sodaEW xqcNo
-1.4 boredom: forsenSleeper forsenSleep moon2SLEEP moon2ZZZ sodaZZ sodaSLEEP xqcSleeper xqcSleep lirikSLEEP lirikZ
    lirikB
"""
