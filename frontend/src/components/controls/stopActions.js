import { CirclePause, CirclePlay, ListX, LockOpen, OctagonX, SquareX } from 'lucide-react'

/** @import { LucideIcon } from 'lucide-react' */
/** @import { CommandWish } from '../../api/types' */

/**
 * @typedef {object} StopAction
 * @property {string} name
 * @property {string} meaning what it does and what it leaves alone
 * @property {LucideIcon} Icon
 * @property {CommandWish} wish
 * @property {boolean} danger it trades and cannot be undone: asked for with a word or a held button
 */

/** @type {Record<'pause' | 'resume' | 'withdraw' | 'close' | 'kill' | 'release', StopAction>} */
const ACTIONS = {
  pause: {
    name: 'Pause entries',
    meaning: 'No new entry is made. Open trades and resting entries stay as they are.',
    Icon: CirclePause,
    wish: { type: 'pause_entries' },
    danger: false,
  },
  resume: { name: 'Resume entries', meaning: 'Setups may be taken again.', Icon: CirclePlay, wish: { type: 'resume_entries' }, danger: false },
  withdraw: {
    name: 'Withdraw resting entries',
    meaning: 'Takes entries that wait for their price off the book. Open trades keep their stops and targets.',
    Icon: ListX,
    wish: { type: 'cancel_entries' },
    danger: false,
  },
  close: {
    name: 'Close all trades',
    meaning: 'Closes every position at market. Resting entries stay, and new entries stay allowed.',
    Icon: SquareX,
    wish: { type: 'close_all', confirm: true },
    danger: true,
  },
  kill: {
    name: 'Kill switch',
    meaning: 'Withdraws every resting entry, closes every position at market and allows no new entry until you release it.',
    Icon: OctagonX,
    wish: { type: 'kill', confirm: true },
    danger: true,
  },
  release: {
    name: 'Release the kill switch',
    meaning: 'Setups may be taken again, from now on.',
    Icon: LockOpen,
    wish: { type: 'resume', confirm: true },
    danger: false,
  },
}

/**
 * What can be asked for as things stand. Pausing, closing and killing are three different things.
 * @param {{ paused: boolean, killed: boolean }} standing
 * @returns {StopAction[]}
 */
export function stopActions({ paused, killed }) {
  const { pause, resume, withdraw, close, kill, release } = ACTIONS
  if (killed) return [withdraw, close, release]
  return [paused ? resume : pause, withdraw, close, kill]
}
