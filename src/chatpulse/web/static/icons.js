// Small drawings for events, each with the word that it stands for.

import { svgEl } from './dom.js';

const STAR = 'M12 3l2.7 5.6 6.1.8-4.5 4.3 1.1 6.1L12 16.9 6.6 19.8l1.1-6.1L3.2 9.4l6.1-.8z';
const GIFT = 'M4 11h16v9H4zM3 7h18v4H3zM12 7v13M12 7C9 7 7 6 7 4.600 7 3 9 2.500 10.200 3.700 11.300 4.800 12 7 12 7s.7-2.200 1.800-3.300C15 2.500 17 3 17 4.600 17 6 15 7 12 7z';
const GEM = 'M7 4h10l4 6-9 11L3 10zM3 10h18M9.500 10L12 20l2.500-10L12 4z';
const RAID = 'M8 11a3.500 3.500 0 100-7 3.500 3.500 0 000 7zM2 20c0-4 2.500-6 6-6s6 2 6 6M15 4.500a3.500 3.500 0 010 6.500M17 14.500c3 .6 5 2.500 5 5.500';
const CLOCK = 'M12 21a9 9 0 100-18 9 9 0 000 18zM12 7v5l3.500 2';
const BAN = 'M12 21a9 9 0 100-18 9 9 0 000 18zM5.700 5.700l12.600 12.600';
const ERASE = 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13';
const HORN = 'M4 10v4h3l8 5V5l-8 5zM18.500 9c1 1.800 1 4.200 0 6';
const HEART = 'M12 20C5 15.500 3 12 3 8.800 3 6 5 4 7.500 4 9.500 4 11 5 12 6.800 13 5 14.500 4 16.500 4 19 4 21 6 21 8.800c0 3.200-2 6.700-9 11.200z';
const SPARK = 'M12 3v5M12 16v5M3 12h5M16 12h5M6 6l3 3M15 15l3 3M6 18l3-3M15 9l3-3';

// kind of event -> [word, drawing, tone]
const KINDS = {
  new: ['Sub', STAR, 'sub'], renew: ['Resub', STAR, 'sub'], extension: ['Extension', STAR, 'sub'],
  prime_upgrade: ['Upgrade', STAR, 'sub'], gift_upgrade: ['Upgrade', STAR, 'sub'], gift: ['Gift', GIFT, 'gift'],
  gift_batch: ['Gifts', GIFT, 'gift'], pay_forward: ['Pay it forward', GIFT, 'gift'], prime_loot: ['Loot', GIFT, 'gift'],
  reward_shared: ['Reward', GIFT, 'gift'], cheer: ['Bits', GEM, 'bits'], bits_badge: ['Bits badge', GEM, 'bits'],
  combo: ['Combo', GEM, 'bits'], combo_state: ['Combo', GEM, 'bits'], direct_cheer: ['Cheer', GEM, 'bits'],
  raid: ['Raid', RAID, 'raid'], unraid: ['Raid off', RAID, 'raid'], announcement: ['Announcement', HORN, 'raid'],
  donation: ['Donation', HEART, 'gift'], first: ['First message', SPARK, 'raid'], ritual: ['New here', SPARK, 'raid'],
  watch_streak: ['Watch streak', SPARK, 'sub'], mod_anniversary: ['Anniversary', SPARK, 'sub'],
  social_badge: ['Sharing badge', SPARK, 'sub'], timeout: ['Timeout', CLOCK, 'mod'], ban: ['Ban', BAN, 'mod'],
  clear: ['Chat cleared', ERASE, 'mod'], delete: ['Deleted', ERASE, 'mod'],
};

export function kindOf(kind) {
  const [word, path, tone] = Object.hasOwn(KINDS, kind) ? KINDS[kind] : ['Event', SPARK, 'raid'];
  return { word, path, tone };
}

export function icon(path) {
  return svgEl('svg', { class: 'icon', viewBox: '0 0 24 24', 'aria-hidden': 'true' }, svgEl('path', { d: path }));
}
