import { formatSignedMoney, isKnown } from '../../format/numbers.js'

/** @import { CommandWish, Trade } from '../../api/types' */

/**
 * @typedef {object} StopAction
 * @property {string} name
 * @property {string} meaning what it does and what it leaves alone
 * @property {CommandWish} wish
 * @property {boolean} danger
 */

/**
 * What can be asked for as things stand. Pausing, closing and killing are three different things.
 * @param {{ paused: boolean, killed: boolean, trades: Trade[], openPnL: number | null | undefined }} standing `openPnL` of all trades together, USDT
 * @returns {StopAction[]}
 */
export function stopActions({ paused, killed, trades, openPnL }) {
  const open = openWords(trades, openPnL)
  const pause = paused
    ? action('Resume entries', 'Setups may be taken again.', { type: 'resume_entries' })
    : action('Pause entries', 'No new entry is made. Open trades and resting entries stay as they are.', { type: 'pause_entries' })
  const kill = killed
    ? action('Release the kill switch', 'Setups may be taken again, from now on.', { type: 'resume', confirm: true }, true)
    : action('Kill switch', `Withdraws every resting entry, closes everything at market (${open}) and allows no new entry until you release it.`, { type: 'kill', confirm: true }, true)
  return [
    ...(killed ? [] : [pause]),
    action('Withdraw resting entries', 'Takes entries that wait for their price off the book. Open trades keep their stops and targets.', { type: 'cancel_entries' }),
    action('Close all trades', `Closes at market: ${open}. New entries stay allowed.`, { type: 'close_all', confirm: true }, true),
    kill,
  ]
}

/** @param {Trade[]} trades @param {number | null | undefined} openPnL */
function openWords(trades, openPnL) {
  if (trades.length === 0) return 'nothing is open'
  const names = trades.map(({ symbol, direction }) => `${symbol} ${direction}`).join(', ')
  return isKnown(openPnL) ? `${names}; about ${formatSignedMoney(openPnL)} USDT before fees` : names
}

/**
 * @param {string} name
 * @param {string} meaning
 * @param {CommandWish} wish
 * @returns {StopAction}
 */
function action(name, meaning, wish, danger = false) {
  return { name, meaning, wish, danger }
}
