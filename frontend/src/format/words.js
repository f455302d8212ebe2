/** Names from the wire as words for a person. Unknown names are spelled out, never dropped. */

import { formatCount } from './numbers.js'

/** @type {Record<string, string>} */
const KILL_ZONES = {
  asia: 'Asia',
  london_open: 'London open',
  ny_am: 'New York AM',
  ny_lunch: 'New York lunch',
  ny_pm: 'New York PM',
  london_close: 'London close',
  sb_london: 'Silver bullet London',
  sb_am: 'Silver bullet AM',
  sb_pm: 'Silver bullet PM',
}

/** @type {Record<string, string>} */
const EXIT_REASONS = {
  stop: 'Stop',
  target: 'Target',
  manual: 'Manual',
  liquidation: 'Liquidation',
}

/** @type {Record<string, string>} */
const MOVEMENTS = {
  TRANSFER_IN: 'Deposit',
  TRANSFER_OUT: 'Withdrawal',
  funding: 'Funding',
}

/** @type {Record<string, string>} */
const ABBREVIATIONS = {
  ict: 'ICT',
  htf: 'HTF',
  mss: 'MSS',
  bos: 'BOS',
  fvg: 'FVG',
  ob: 'OB',
  ote: 'OTE',
  smt: 'SMT',
  dol: 'DOL',
  sb: 'SB',
  ny: 'NY',
}

/**
 * A count with its noun: `1 gap`, `1,204 gaps`.
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 */
export function counted(count, one, many = `${one}s`) {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}

/** @param {string} name such as `order_block` */
export function spellOut(name) {
  const words = name.split(/[_\s]+/).map((word) => ABBREVIATIONS[word.toLowerCase()] ?? word)
  const [first = '', ...rest] = words
  return [first.charAt(0).toUpperCase() + first.slice(1), ...rest].join(' ')
}

/** @param {string | string[] | null | undefined} killZone one name, or the names of all open windows */
export function killZoneWords(killZone) {
  const names = Array.isArray(killZone) ? killZone : (killZone ?? '').split(',')
  const words = names.map((name) => name.trim()).filter(Boolean)
  return words.length === 0 ? null : words.map((name) => KILL_ZONES[name] ?? spellOut(name)).join(' · ')
}

/** @param {string | null} reason */
export function exitReasonWords(reason) {
  return reason === null ? '—' : (EXIT_REASONS[reason] ?? spellOut(reason))
}

/** What moved money; the exchange's own words, of which it has many, in small letters. @param {string} kind */
export function movementWords(kind) {
  return MOVEMENTS[kind] ?? spellOut(kind.toLowerCase())
}

/**
 * @param {number | string | null} value a trend or bias: 1, -1, 0 or a word
 * @returns {'bullish' | 'bearish' | 'neutral' | 'unknown'}
 */
export function leaningOf(value) {
  if (value === null) return 'unknown'
  if (typeof value === 'number') return value > 0 ? 'bullish' : value < 0 ? 'bearish' : 'neutral'
  if (/^(bull|long|up)/i.test(value)) return 'bullish'
  if (/^(bear|short|down)/i.test(value)) return 'bearish'
  return 'neutral'
}
