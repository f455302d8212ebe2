import { expect, test } from 'vitest'

import { exitReasonWords, killZoneWords, leaningOf, spellOut } from '../../src/format/words.js'

test('names from the wire are spelled out, with the trade’s abbreviations', () => {
  expect(spellOut('htf_bias')).toBe('HTF bias')
  expect(spellOut('order_block')).toBe('Order block')
  expect(spellOut('ict_2022')).toBe('ICT 2022')
})

test('kill zones come as a name, several names or none', () => {
  expect(killZoneWords('london_open')).toBe('London open')
  expect(killZoneWords(['london_close', 'sb_am'])).toBe('London close · Silver bullet AM')
  expect(killZoneWords('ny_pm,sb_pm')).toBe('New York PM · Silver bullet PM')
  expect(killZoneWords(null)).toBeNull()
  expect(killZoneWords('')).toBeNull()
})

test('an unknown exit reason is shown, not dropped', () => {
  expect(exitReasonWords('stop')).toBe('Stop')
  expect(exitReasonWords('margin_call')).toBe('Margin call')
  expect(exitReasonWords(null)).toBe('—')
})

test('a trend may come as a sign or as a word', () => {
  expect([1, -1, 0, null, 'bullish', 'short', 'none'].map(leaningOf)).toEqual([
    'bullish',
    'bearish',
    'neutral',
    'unknown',
    'bullish',
    'bearish',
    'neutral',
  ])
})
