import { formatCount, formatMoney, formatSignedMoney } from '../../format/numbers.js'
import { Fact, Facts } from '../ui/Facts.jsx'
import { SignedNumber } from '../ui/SignedNumber.jsx'

/** @import { Exposure, Trade } from '../../api/types' */

/**
 * What is at stake, as last read; `trouble` says why nothing newer is known.
 * @typedef {{ exposure: Exposure | undefined, trades: Trade[], openPnL: number | null | undefined, trouble: string | null }} Stake
 */

/** The numbers of what would be closed and withdrawn. @param {{ stake: Stake }} props */
export function StakeFacts({ stake: { exposure, trades, openPnL, trouble } }) {
  return (
    <>
      {exposure && (
        <Facts label="At stake">
          <Fact name={exposure.positions === 1 ? 'Position' : 'Positions'}>
            {formatCount(exposure.positions)}
            <Value value={exposure.positionsValue} shown={exposure.positions > 0} />
          </Fact>
          <Fact name={exposure.entries === 1 ? 'Resting entry' : 'Resting entries'}>
            {formatCount(exposure.entries)}
            <Value value={exposure.entriesValue} shown={exposure.entries > 0} />
          </Fact>
          <Fact name="Open P&L (USDT)">
            <SignedNumber value={openPnL ?? exposure.unrealizedPnL} format={formatSignedMoney} />
          </Fact>
        </Facts>
      )}
      {trades.length > 0 && <p className="text-sm">{trades.map(({ symbol, direction }) => `${symbol} ${direction}`).join(', ')}</p>}
      {trouble && (
        <p className="text-sm text-warn">
          {exposure ? 'These numbers may be old' : 'How much is open cannot be read now'}: {trouble}
        </p>
      )}
    </>
  )
}

/** @param {{ value: number, shown: boolean }} props */
function Value({ value, shown }) {
  return shown && <span className="block text-xs font-normal text-muted">≈ {formatMoney(value)} USDT</span>
}
