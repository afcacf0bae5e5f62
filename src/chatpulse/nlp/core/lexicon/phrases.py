"""Words that mean something together which they do not mean apart. Phrases are separated by commas.

Each is in lower case, two to five words, as the normaliser splits them.
"""

PHRASES = """
# hype
+1.0 hype: let's go, lets go, let's goo, lets goo, let's gooo, lets gooo, let's fucking go, lets fucking go,
    here we go, come on, let him cook, let her cook, let them cook, cmon man, he's cooking, on fire, we are so back,
    we're so back, so back, we back, he's him, he is him, she's her, went crazy, went off, going off, popped off,
    popping off, pop off, send it, full send, get in, to the moon, world record, we take those, take my energy
+0.5 shock ~0.2: no way, no shot, what a, holy shit, holy crap, holy moly, holy cow, holy fuck, oh my god, oh my gosh,
    oh my, what the, my god, oh shit, oh damn, oh wow, are you kidding, you're kidding, no fucking way,
    no freaking way, mind blown, you serious, are you serious, for real, hold up, wait what, aint no way, ain't no way
# praise and thanks
+2.2: so good, so fun, so cool, so cute, so pretty, too good, too cute, too funny, so funny, so hype, very nice,
    well played, good game, good games, good job, great job, nice job, nice one, nice play, good play, good shit,
    good stuff, well done, good work, nice work, nice try though, good one, best ever, the best, the goat, goat status,
    so clean, so smooth, what a play, what a shot, what a game, what a save, what a clip, what a legend, what a beast,
    what a god, what a chad, thank you, thanks for, thank u, many thanks, much love, big love, love you, love u,
    love it, love this, love that, love your, i love, we love, loved it, love ya, big w, huge w, massive w, fat w,
    w stream, w streamer, w chat, w take, w mans, w raid, ws in chat, good vibes, happy birthday, happy new year,
    merry christmas, good luck, have fun, gl hf, hell yeah, hell yes, fuck yeah, fuck yes, fuck yea, oh yeah, oh yes,
    yes please, keep it up, so proud, proud of you, happy for you, glad to, good to see, nice to see, good to hear,
    great to see, made my day, can't wait, cant wait, cannot wait, looking forward, looks good, looks great, looks fun,
    looks amazing, looks nice, looks cool, sounds good, sounds great, sounds fun, feels good, feels great, smells good,
    tastes good, not bad, aint bad, ain't bad, isn't bad, isnt bad, wasn't bad, wasnt bad, not too bad, not half bad,
    pretty good, pretty nice, pretty cool, pretty fun, the man, my man, my goat, my king, my queen, what a guy,
    deserved it, well deserved, well said, spot on, on point, big brain, no cap, hats off, props to, shout out,
    shoutout to, respect to, chef's kiss, top tier, god tier, s tier, goat tier, next level, cracked af, based af,
    insane play, crazy play, sick play, nasty play, filthy play, clean play, clutch or kick, actual god, absolute unit,
    worth it, so worth, never gets old, can't stop laughing, cant stop laughing, made me laugh, i'm crying laughing,
    glad you, glad he, glad she, glad it, as hell yes, so happy, so hyped, so excited, hyped for, excited for,
    can do it, you got this, he got this, we got this, you can do it, do it for, welcome back, welcome in,
    welcome everyone, welcome raiders, good stream, great stream, nice stream, fun stream, thanks for the stream,
    thank god, thank goodness, thank fuck
+1.2: no problem, no problems, no worries, no worry, don't worry, dont worry, all good, it's fine, its fine, it's okay,
    its okay, it's ok, its ok, fair enough, good morning, good night, good evening, good afternoon, good point,
    good call, good idea, good question, sleep well, have a good, have a great, have a nice, take care, take it easy,
    feel better, get well, makes sense, i agree, me too, same here, i like, we like, i liked, i really like,
    kinda like, like it, like this, like that one, liked it, sounds like fun, hit different, hits different,
    not gonna lie it's good, oh hi, oh hey, hi chat, hello chat, hey chat, you're right, youre right, ur right,
    he's right, hes right, she's right, so true, very true, too true, that's true, thats true, facts only, big facts,
    straight facts, rest up
+0.6: of course, uh huh, at least, why not, sure thing, i guess so, lock in, locked in, first try, ez clap, ez game,
    too easy, so easy, easy game, easy win, free win, gg ez, one more, run it back, make it so, do it
# laughing
+1.2 laughter: im dying, i'm dying, i'm dead, im dead, i am dead, i'm crying, im crying, i'm weak, im weak,
    i can't breathe, i cant breathe, got me, so funny lol, hahaha wtf, i can't lol, i cant lol, gottem lol,
    dead ass laughing, what a meme, i'm deceased, im deceased, i'm screaming, im screaming
# love
+2.2 love: i love you, i love u, we love you, we love u, love you all, love u all, love you guys, so lovely, so sweet,
    so adorable, so wholesome, my heart, miss you, miss u, missed you, i missed you
# blame
-1.8: so bad, too bad at, so trash, so ass, is ass, are ass, was ass, dog shit, dog water, so dumb, so stupid,
    so cringe, so toxic, so annoying, so weird, not good, not great, not funny, not fun, not cool, not nice, not worth,
    not worthy, not okay, not ok, not even close, not even funny, no fun, no skill, no hope, no thanks, no thank you,
    no brain, no brains, no life, no talent, no good, no respect, no one cares, nobody cares, nobody asked,
    no one asked, who asked, who cares, didn't ask, didnt ask, don't care, dont care, idc about, shut up,
    shut the fuck up, stfu please, get out, get lost, go away, go outside, touch grass, get a life, get good, git gud,
    get gud, skill issue, cope harder, cry more, cry about it, mad cuz bad, stay mad, stay losing, hold this l,
    take the l, big l, huge l, massive l, fat l, l take, l streamer, l stream, l chat, l mans, ls in chat, l ratio,
    l bozo, wtf is this, wtf was that, what the fuck, what the hell, what the heck, what the shit, wtf man, wtf bro,
    are you dumb, are you stupid, you suck, u suck, he sucks, she sucks, this sucks, that sucks, it sucks, sucks ass,
    sucks to be, fuck you, fuck off, fuck this, fuck that, fuck him, fuck her, fuck them, screw this, screw you,
    screw that, piece of shit, pieces of shit, full of shit, dumb ass, dumb fuck, stupid ass, lame ass, weird ass,
    trash ass, ugly ass, waste of time, waste of money, wasted potential, a joke, what a joke, what a waste,
    what a noob, what a shame, what a mess, what a clown, what a loser, what a disaster, what a fail, such a joke,
    bad game, bad play, bad take, bad idea, bad call, terrible take, hot garbage, hot trash, worst ever, the worst,
    worst game, worst take, worst player, low iq, brain dead, no iq, so slow, so boring, this is boring, boring stream,
    boring game, dead game, dead chat, ded game, dead stream, bad stream, bad streamer, worst streamer, worst stream,
    lost a sub, he's throwing, hes throwing, stop throwing, why so bad, so mad, so salty, not a fan, can't stand,
    cant stand, pain in the ass, can't believe this shit, over it, had enough, fed up, sick of, tired of, fell off,
    falling off, washed up, so washed, give up, gave up, giving up, go next, ff go next, just ff, ff 15, gg go next,
    gg lost, we lost, lost again, lose again, we lose, not like this, it's over, its over, it's joever, we're doomed,
    we are doomed, gg wp lost, report him, ban him, ban her, ban this, banned him, mods ban, mods asleep, scripted af,
    so scripted, so rigged, so fake, is fake, so staged, is a scam, is trash, is garbage, is shit, are shit, was shit,
    are trash, was trash, like shit, like ass, looks bad, looks terrible, looks awful, looks like shit, sounds bad,
    sounds awful, sounds terrible, sounds like shit, smells bad, tastes bad, doesn't work, doesnt work, not working,
    does not work, doesn't even, can't hear, cant hear, cant see shit, too loud, too quiet, too slow, too long,
    too many ads, too much, ads again, ad break, more ads, low effort, pay to win, stop it, stop that, please stop,
    pls stop, just stop, make it stop, my eyes, my ears, ear rape, kill me, kill myself, end me, end my life, just end,
    i'm out, im out
# grief, bad luck
-1.5: don't like, dont like, do not like, didn't like, didnt like, doesn't like, never liked, not liking, don't want,
    don't think so, not a good, not very good, not that good, not really good, not as good, not so good, isn't good,
    isnt good, aint good, ain't good, wasn't good, wasnt good, not into, wtf chat, wtf mods, why would you,
    how dare you, who does that, what is wrong with, what's wrong with, whats wrong with, something wrong, so wrong,
    that's wrong, thats wrong, you're wrong, youre wrong, he's bad, hes bad, she's bad, shes bad, he is bad,
    you're bad, ur bad, so trash lol, can't even, cant even, got scammed, got robbed, got baited, got rekt lol,
    got owned lol, so lame, how boring, so dead, is dead, was dead, this chat sucks, not again, here we go again,
    what a letdown, let down, lets down, screwed up, messed up, fucked up, fuck up, fucks up, mess up, bad for you,
    bad at, worse than, bored of
+1.5: damn good, damn nice, damn right, damn clean, so damn good, that's fire, thats fire, is fire, was fire,
    straight fire, this is fire, that's insane, thats insane, he's insane, hes insane, he's cracked, hes cracked,
    that was insane, that was sick, so sick, that's sick, thats sick, sick af, clean af, good af, cool af, nice af,
    cute af, hyped af, funny af, that's hilarious, that's awesome, good boy, good girl, good dog, best boy, best girl,
    best streamer, best chat, best stream, best game, best part, best clip, better than, much better, way better,
    even better, feel good, hell of a play, for the win, let's win, we won, he won, she won, they won, won the game,
    easy clap, love how, love when, love to see, you love to see it, i'd love, would love to, can we get some,
    hype train, hype in the chat, gg in chat, w in chat, gift subs, gifted subs, thanks for the sub,
    thanks for the gift, thanks for the raid, good to be back, glad you're back, nice to meet you, you too, u too,
    got you, i got you, take my money
-1.4 sadness: oh no, oh noo, oh nooo, so sad, too sad, that's sad, thats sad, this is sad, feels bad, feel bad,
    feels bad man, feelsbad man, too bad, bad luck, unlucky man, rip in peace, rest in peace, in pain, my condolences,
    i'm sad, im sad, makes me sad, made me sad, broke my heart, heart broken, poor guy, poor girl, poor thing,
    poor kid, poor dog, poor cat, poor chat, poor streamer, i'm sorry, im sorry, so sorry, sorry for your loss,
    press f, f in chat, fs in chat, i miss, we miss, so close, so unlucky, gone too soon, no more,
    i'm tired, im tired, i'm sick, im sick, i'm so tired
# fear
-1.0 shock: jump scare, jump scares, so scary, too scary, that's scary, thats scary, scared me, scared the shit,
    i'm scared, im scared, uh oh, oh god, oh lord, oh jeez, oh dear, oh fuck, oh hell no, hell no, hell nah, wtf no,
    behind you, look out, watch out, be careful, heart attack, gives me anxiety, so creepy, so spooky, so tense,
    so nervous
# boredom
-1.5 boredom: falling asleep, fell asleep, so sleepy, putting me to sleep, wake me up, i'm bored, im bored, so bored,
    skip this, skip it, nothing happening, nothing is happening, when does it, still nothing, get on with it, hurry up
# nothing said
+0.2 ~0.4: nice try, good try
+0.0: oh ok, oh okay, i see, i mean, you know, kind of, sort of, a lot of, as well, oh well, well then, what's good,
    good thing about, what is good, how good, is it good, is this good, good enough to, no good deed, such as,
    right now, all right, no idea, no clue, good for what, no longer, no one, no more than, big ass, dumb question,
    free kick, hot dog, hot dogs, dead by daylight, dead space, dead cells, dead island, red dead, evil dead,
    walking dead, last of us, resident evil, silent hill, lethal company, god of war, hard mode, left 4 dead,
    five nights, plants vs zombies, fear and, war crimes, death stranding, good old, super smash, super mario,
    world war, cold war, in love with, love island, love story, happy hour, happy feet, happy meal, fun fact,
    pretty much, mad max, like a, like the, i like to, feel like, feels like, looks like, look like, seems like,
    sounds like, just like, was like, be like, is like, hell of a, ice cold, sick day, cool down, cool off,
    sweet potato, lost ark, lost in, get lost in, love of, free to play, free game, kill him, kill it, kill them,
    kill her, joy con, shiny hunt, ban hammer, ban phase, pick and ban, bans and picks, hope so, i hope, hopefully not,
    good guy, bad guy, bad guys, good guys, trash can, garbage can, break bad, breaking bad, fire ball, fire type,
    fire damage, fire temple, fire emblem, gas station, heat death, light source, dark souls, demon souls, dead cat
"""
