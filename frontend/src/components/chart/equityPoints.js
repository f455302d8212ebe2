import { isKnown } from '../../format/numbers.js'
import { toMilliseconds } from '../../format/times.js'

/** @import { EquityPoint } from '../../api/types' */
/** @import { LiveAccount } from '../../contexts/liveStore.js' */

/** @typedef {{ time: number, equity: number, drawdown: number | null }} ChartPoint */

/**
 * The stored curve, followed by the account as it stands now. The drawdown of that last point is
 * unknown until the server has stored it.
 * @param {EquityPoint[]} stored oldest first
 * @param {LiveAccount | undefined} account
 * @returns {ChartPoint[]}
 */
export function chartPoints(stored, account) {
  const points = stored.map(({ time, equity, drawdown }) => ({ time: Date.parse(time), equity, drawdown }))
  const now = toMilliseconds(account?.equityTime)
  const newest = points.at(-1)
  if (now === null || !isKnown(account?.equity) || (newest && now <= newest.time)) return points
  return [...points, { time: now, equity: account.equity, drawdown: null }]
}
