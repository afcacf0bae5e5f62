"""Ordinary English words of pleasure and displeasure, as chat uses them.

Plain forms: endings such as `-s`, `-ed` and `-ing` are tried by the scorer. Words are in lower case.
"""

GOOD_WORDS = """
# strong praise and joy
+2.6: amazing awesome fantastic wonderful perfect incredible excellent magnificent spectacular phenomenal brilliant
    marvelous extraordinary outstanding masterpiece flawless glorious perfection sublime superb stunning breathtaking
+2.4: beautiful gorgeous amazingly fabulous delightful best greatest legendary majestic exquisite immaculate wholesome
    heartwarming amaze amazed awesomeness perfectly beautifully
+2.4 love: love lovely adore adorable beloved loveable lovable luv loveyou iloveyou ily
+2.0: great happy happiest excited exciting delicious impressive impressed enjoy enjoyable joy joyful thrilled
    delighted charming blessed blessing epic glad proud fun pleasure genius hero congratulations congrats congrat gratz
    grats grat gz congratz thrilling overjoyed cheerful fascinating elegant heavenly pleasant pleased satisfying
    satisfied victory victorious triumph masterful terrific splendid classy treasure wonderfully remarkable ecstatic
+1.8: good nice cute cool sweet funny hilarious hilariously funniest beauty brave talented creative smart clever
    respect inspiring inspired inspiration wise bravo yay hooray hurray woohoo yahoo better nicest coolest sweetest
    kindest smooth smoothly handsome sexy admirable generous kindness thoughtful magical radiant lucky champion
    champions winner winners winning wins recommend recommended favourite favorite fave fav favs happily friendly
    gentle peaceful refreshing relaxing relaxed soothing comforting cozy comfy comfortable yummy tasty yum delish
    scrumptious nicely awesomely greatness positive optimistic cheering celebrate celebrated celebration grateful
    thankful appreciate appreciated appreciation gratitude
+1.5: thanks thank thankyou ty tysm tyvm thx thnx thnks thanx tyty welcomed support supportive supporting reliable
    strong success successful succeed improved improvement improve fresh fancy neat lovingly deserve deserved deserves
    intriguing entertaining amused amusing enjoyed satisfy kind honest loyal trustworthy polite laugh laughed laughing
    laughs smile smiling smiles giggle giggles
+1.2: liked likes cutie sweetie sweetheart angel darling bless hug hugs kiss kisses cuddle cuddles cuddly fluffy
    snuggle hugging relax sparkle gem gems cleanly skilled skillful talent talents solid professional polished
    rewarding reward prosper paradise heaven cherish upbeat
+1.0: gifted birthday goodnight enjoyers benefit advantage achievement achieved accomplish
# mild ones
+0.5: friend friends friendship buddy family together free freedom dream dreamy magic golden safe calm eager ready
    curious morning goodmorning christmas holiday festive romantic healing rich wealthy okay alright fine please decent
    acceptable sure saved upgrade unlocked healthy gift gifts gifting present popular famous sunny yes yeah yep yup
+0.8: hi hello hey hope hoping luck fair fan fans special true truth indeed hopeful party unique quality peace bonus
    promising welcome interesting agree agreed agrees correct facts valid hopefully
+1.2: worth worthy clean win won help helped helping helpful exactly
+1.6: awe admire admired admiring adventurous affectionate ambitious astonishing astounding bliss blissful captivating
    caring charismatic charm compelling confident confidence considerate courageous dazzling dedicated delicate
    dependable devoted dynamic effortless elated empowering encouraging energetic engaging enthusiastic exceptional
    exhilarating exquisitely fearless flattering flourish fortunate fulfilled gracious graceful hearty heroic humble
    ideal imaginative ingenious innovative insightful invaluable jolly joyous keen lively luxurious marvel merry
    mesmerizing motivating motivated nurturing passionate passion patient perfected playful praise praised precious
    prestigious priceless productive prosperous pumped rejoice reassuring refined resourceful respectful sensational
    serene sincere soulful spirited stellar striking stylishly supreme sweetly tender thriving tranquil trusted
    unbeatable unforgettable uplifting versatile vibrant vivid warm warmth welcoming whimsical witty wondrous zest
    entertained rooting cheered applause applaud underrated unmatched undefeated rocks rocking rocked rockstar
    superstar virtuoso
"""

BAD_WORDS = """
# strong blame and disgust
-2.6: terrible horrible awful disgusting horrendous atrocious abysmal worst pathetic disgrace disgraceful despicable
    vile appalling dreadful horrid abomination unbearable insufferable revolting repulsive unwatchable unplayable
    intolerable inexcusable shameful
-2.4 anger: hate hatred despise loathe detest hateful hated
-2.2: garbage trash rubbish worthless useless crap crappy shitty bullshit horseshit dogshit bs sucks suck sucked
    sucking stupid idiot idiots idiotic moron morons moronic imbecile retard retarded dumb dumbass dumbest dipshit
    dumbfuck braindead incompetent fraud scam scammer scammed scams cheater cheaters cheating ruined ruin ruins ruining
    toxic toxicity cancerous nasty gross ugly ugliest hideous stinks stink stinky awfully terribly horribly shithole
    asshole assholes bastard bastards bitch bitches cunt cunts douche douchebag prick scum scumbag jerk loser losers
    coward cowards clowns pos trashy worthlessness tragic racist racism sexist homophobic nazi
-2.0: bad worse badly poor poorly failure failed fails fail failing disappointing disappointed disappointment
    disappoint annoying annoyed annoy irritating irritated frustrating frustrated frustration miserable misery lame
    pitiful embarrassing embarrassed embarrassment embarrass shame ashamed unfair unfairly broken bugged buggy laggy
    messed disaster catastrophe nightmare mess wrecked screwed doomed hopeless helpless ridiculous absurd nonsense
    pointless meaningless wasted waste unacceptable unfortunate unfortunately overrated mediocre inferior disrespectful
    disrespect rude cruel cruelty selfish arrogant obnoxious cringe cringey cringy cringiest dreadfully corrupt crooked
    dishonest liar liars fake phony pretentious
-1.9 boredom: boring bored boredom bore dull snoozefest yawn zzz sleeper snore snoring tedious monotonous uninteresting
    bland stale repetitive meh
-1.8 sadness: sad sadly saddest sadness cry crying cried cries tears heartbroken heartbreaking heartbreak depressed
    depressing depression depress lonely loneliness unhappy grieving mourn suffer suffering suffered suffers agony
    painful sorrow despair devastated devastating upset upsetting hurt hurts hurting pain pains rip ripped gloomy sob
    sobbing sobs weep unloved hopelessness regret regrets regretted sorrowful melancholy
-1.8 anger: angry anger furious mad rage raging raged enraged pissed outrage outrageous fury livid hostile triggered
    salty tilted tilt tilting malding mald resent bitter rant ranting jealous jealousy envy grumpy
-1.6 shock: scary scared scariest terrified terrifying horrifying horror creepy creeped creep creeps frightening
    frightened fear fears afraid panic panicking panicked anxious anxiety worried worry worries worrying spooky
    disturbing disturbed unsettling ominous dread dreading yikes eek nightmares traumatized trauma traumatic shady
    cursed
-1.5: thief robbed robbery abuse abused abusive abuser harass harassment bully bullied bullying threat threaten
    violence violent guilty blame blamed disease vomit puke barf ew eww ewww yuck yucky icky ick stench rotten dirty
    shits shitshow fucked damaged corruption weirdo weirdos awkward sketchy unhealthy uncomfortable unpleasant defeat
    defeated choke choked choking throwing threw griefing griefer feeding feeder crash crashed crashing crashes lag
    lags lagging freeze freezing froze disconnected disconnect
-1.3: problem problems issue issues trouble bug bugs glitchy error errors mistake mistakes misplay weak weakest noob
    noobs nerfed scummy greedy greed lazy exhausted exhausting messy clumsy confusing confusion complain complaining
    complains complained complaint whine whining whiny whiner hater haters hating doubtful ill injury injured sadder
    stress stressed stressful stressing ignored ignore rejected deny overpriced desperate excuses unlucky bummer pity
    cope coping cancer insult insulting offensive offended drama scandal spoiled spoiler spoilers spoil
-1.0: shut ouch oof oops whoops uhoh sigh sucky bleh blah blegh eh nay boo booo hiss smh facepalm facepalming messing
    bother bothered bothering dumbed
# mild ones
-0.5: no nope nah forgot forget leaving leave cheap risky delay delayed delays excuse cancel cancelled canceled denied
    muted
-0.8: sorry stop slow ban bans banned banning timeout expensive quit quitting stuck struggle struggling struggled steal
    stealing stole stolen crime criminal illegal miss missed misses missing tough difficult difficulty refuse refuses
    danger dangerous unable impossible dying dead die died dies death deaths killed killing kicked ads ad autism
    autistic
-1.0 shock: weird weirdest sus suspicious nervous
-1.2: wrong lost lose losing loses loss doubt tired lie lied lies lying sleepy dammit damnit argh ugh
-0.6: apologize apology apologies damn hell confused welp alas
-0.3 ~0.5: sick bald shit filthy
-1.6: cheat cheated fooled lousy dreary ghastly grotesque vicious brutal savagery malicious sinister foul appalled
    aggravating aggravated exasperated infuriating infuriated bullcrap nonsensical idiocy ignorance ignorant
    incompetence careless reckless unreliable unstable unoriginal uninspired unimpressive underwhelming overhyped
    lackluster subpar shoddy tasteless disappoints hopelessly grossed nauseating vomiting puking sickening cowardly
    traitor betrayed betrayal backstab treason robbing plague poison poisoned infected dreadfull punish punished
    punishment suicide suicidal torture tortured doom gloom woe woes wreck wreckage collapse collapsed crisis
"""
