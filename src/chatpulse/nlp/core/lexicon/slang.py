"""How Twitch talks: chat slang, laughing in letters, gaming words, and what its emotes are called in plain typing."""

SLANG = """
# laughing in letters (runs such as `hahahaha` and `LMAOOO` are folded by the scorer)
+1.0 laughter: lol lmao lmfao lmaoo rofl roflmao lolol lolololol lul lulw luls lulz kek kekl xd haha hahaha hehe hehehe
    hihi jaja jajaja lel lolw ijbol teehee tehe pfft pffft lmaooo lawl lelw bahaha bwahaha mwahaha ahaha heh hah keking
    lmfaooo lmbo rotfl lolz loll kekeke huehue hue hueheue wheeze wheezing cackling crylaughing omegakek hahahah ahahah
    ha
+0.5 laughter ~0.4: jebaited pepelaugh pepela bait baited baiting trolled troll trolling gottem deez
# hype
+0.6 hype: pog pogchamp poggers pogu pogging pogged hype hyped hypeee pogg poggies letsgo letsgoo letsgooo lesgo lesgoo
    lessgo leggo lezgo gogogo gogo woo wooo woot whoo yeet ayy ayyy yooo sheesh sheeesh pogo omgomg hypers lfg
    letsfuckinggo holyyy insane insanely crazy wild unreal unbelievable nuts bonkers bananas vamos gooo
+1.0 hype: popoff clutch clutched pentakill penta ace aced quadra headshot headshots wallbang outplayed outplay
    destroyed demolished stomped stomp dominated dominating dominate domination crushed crushing rekt owned pwned
    smashed pogchampion comeback speedrun pb wr fullcombo overpowered
# praise
+1.8: gg ggs ggwp wp gj nj goodjob goodgame wellplayed goated goat goats w ww www dub dubs banger bangers bussin slaps
    slay slayed slaying based gigachad cracked godlike godly goddess cleann kino cinema goodshit gangsta mvp pro
    beastly bestie besties poggersss sickk baller swag swaggy rizz rizzler drip drippy fye yass yasss yaas slayy iconic
    icon pristine crisp tuff goodone niceone nicee noice nais naisu nicu noiceee pogtastic epicc magnifique comfi poggy
    buffed stonks hyperclap clap claps claping sadgeless yippee yippe yipee yipeee yiipee weee
+1.5: ezclap easyclap goodlad wifey waifu husbando bae poggiewoggie chillin goodvibes blessrng pray praying prayers
    amen hallelujah nodders yepclap letthemcook hecooked cooking cookin baseddd tru truee fax factual ong preach 100
    nailed nailedit nails goodcall savage gigabrain 5head bigbrain galaxybrain smartest smort stylish thicc thick
    snatched babe cutiepie qt qts cutee kawaii uwu owo pogpog subhype goodstuff dank dankest lovin luvv <333 lovelyy
    sweett tyfys tyfts ilysm ly lysm
+1.0: gn gnight nn gm o7 henlo ello hallo hola greetings evening afternoon haaai ohayo konnichiwa aloha waddup wassup
    yw yvw noworries allgood yessir yesss yepp yeppers mlem floof doggo doggos pupper puppy puppies snacc headpat
    headpats pats
# blame, mockery
-1.8: dogwater buns bozo bozos clown clownfiesta clowny donkey braincell smoothbrain brainlet lowiq pepegas cuck cucks
    incel incels neckbeard degenerate degenerates degen weirdchamp weirdchamping yikers yikesss cringelord hardstuck
    boosted inting inted ints troller thrower throwers hardthrow washedup fraudulent frauds mid midd midge flop flopped
    flopping lll ratio ratiod seethe seething malder malds baldge rigged sellout sellouts clickbait bloat bloated p2w
    paytowin cashgrab copypasta stinker stinkers backseater backseaters doomer smelly stanky stank musty crusty dusty
    sh1t stfu gtfo gtfoh kys kms foh screw fu fuckoff fuckyou stoopid dumdum dumbo doofus fools foolish pussy wuss
    crybaby crybabies mongo mong hag hoes thot thots whore slut trashcan dumpster dumpsterfire shitter shitters shite
    pissing shitting pooper trashtier badgame wtfman unfunny notfunny corny stupidity delusional deluded insecure
    entitled scuffed jank janky clunky trashbag unwatch disgustang disgustingg horriblee awfull baddd greedge
-1.5 anger: reee ree wth fucks fking fuckery motherfucker goddamn goddamnit godammit gdi ffs fml frick fricking arghh
    grr grrr maddge jfc
-1.4 sadness: feelsbad feelsbadman feelsbadd pepehands bibleth ripp rippp riperino ded dedge despairge sadd sadcat
    unlucko riperoni notlikethis feelsweird joever itsover it'sover bruhhh crii widepeeposad despairing welppp nuuu nuu
    naur poorguy poorchat unluck
-1.3 boredom: snoozer yawnn snooze snoozing mehh slowpoke downtime boringg sleepers
-0.9 shock: monkas monkaw monkax monka wtfff omfg jesus jeez jeebus yikess yabai ayo ayoo hellno heckno nahh nahhh naah
    gahh gah ahhh aaah aaa
-0.4 shock ~0.4: bruh bruhh bruv huh wut wat whut whaa whaaa wha whaaat whattt excuseme pardon omg omgg omggg omgod
    ohmygod omgoodness woah whoa woaah whoaa gasp gasps dayum dayumn daaamn damnn erm uhm uhh uhhh um umm ummm shook
    shocked shocking surprised surprising surprise speechless unexpected plottwist oop ohgod ohgosh
+0.5 shock ~0.2: wow wowza wowee holy dang damnnn gawd geez gosh golly blimey crikey jesuschrist wowow wowww
# said either way
+0.0 ~0.9: kappa keepo kapp kappapride kapper sarcasm ironic irony ironically suuure suure riiight rightt trihard kkona
    cmonbruh anele hotpokket thirsty horny lewd booba boobs sussy smug spicy memer shitpost edgy edgelord karen vtuber
    goofy silly nerd nerds dork weirdly gooner gooning sigma skibidi ohio gyatt rizzed chud tatakae
# mild ones
+0.5: ngl fr frfr legit ofc ofcourse bet kk okie okey okk okok aight aighty definitely defo deffo totally yea yah yeh
    ye yis yus yeahh yuh mhm mhmm uhhuh og ogs aye yo sup raid raiders hypetrain prime dab dabs bye byebye byee byeee
    cya ciao hydrated skill skills real realest np nps nw heat gas queen lad homie homies bros nya nyaa bork boop blep
    chill chilling
+0.8: cat cats kitty kitten kittens pet pets wave waves waving subbed resub resubbed gifters giftsub fire aura hii hiii
    hiya heya heyo heyy heyyy hellooo helloo howdy haii haiii hai wb gl hf glhf vibe vibes vibing vibin ez easy ezpz
+1.3: king legend legends peak chad beast buff lit dope
-0.4: skip skippable ass piss backseat backseating fool hoe rambling spammy
-0.9: bot bots npc npcs rat rats snake snakes simp simps simping l nerf nerfs virgin virgins sweaty sweats tryhard
    scripted goofball yap yapping yapper glaze glazing glazer slop shill wash washed
-0.3 ~0.5: copers
-1.0: fuck fck fuk wtf f mf mfer nt ntnt noo nooo
+0.0 ~0.5: joke jokes joking jk jks kidding clueless surely aware classic meme memes unc normie normies freak freaky
    weeb weebs weebo furry furries boomer boomers zoomer zoomers
# found wanting in chat
+1.2: aww awww aw dawww daww wedidit poggus 888 8888 88888 888888 8888888 88888888 pogshake powerful goodest purrfect
    handsomeboi classik hotdamn amazin amazinggg beautifull goodjobb greatt niceee coolio neato sickest cutest
    prettiest loveliest bestest funnest gotemm massivew crispy immersive cinematic nostalgic
+0.6: finally alive easily easier accurate trust same legitness biggest freshest hyperfocus dedication
-0.8: cooked murder murdered murderer forced fault strange loud blind jumpscare jumpscares alone tf tfw unwell headache
    migraine bleed bleeding stalker stalking toxicc yelled yelling scream screaming screams argue argued arguing
    argument arguments homeless hurtful disconnects jinxed jinx ganged gatekeep gatekeeping unsafe smells sweating
    overworked underpaid burnout burned burnt fumes rotted rot brainrot brainrotted unhinged feral
+0.3 hype ~0.2: ooo oooh waow bigwow wee wooow imagine
"""

GAMING = """
+1.2: parry parried dodged highscore winstreak goal goals goooal goooaaal goalll touchdown homerun checkmate sniped
    nutty sweep swept reversesweep
-1.1: gutted misclick misclicked whiff whiffed whiffing missclick misplayed fumbled fumble fumbling griefed grief
    teamkill teamkilled smurfing hacker hackers hacks aimbot aimbotting wallhack wallhacks stuckk softlock softlocked
    softlocking deranked demoted wiped wipe oneshot oneshotted gameover permadeath ragequit ragequits ragequitting
    unluckyrng desync lagg laggg lagspike stutter stuttering stutters paywall paywalled microtransactions lootbox
    lootboxes cheesed spawncamp spawnkill hardlose unwinnable
+0.5: loot looted drop drops rare op combo combos carry carried carrying heal healed heals gamer gaming mechanics
    mechanical strat strats score scored shiny revive revived respawned crit crits tas flank streak leveled levelup
    gank ganked
-0.5: spam spamming spammed spamm throw thrown feed fed camp camping camped camper campers cheese exploit exploiter rng
    dc dced dcs dcing afk int tk ping smurf smurfs bricked inter
"""
