import { useState } from 'react'

import { formatQuantity, formatSignedMoney } from '../../format/numbers.js'
import { Button } from '../ui/Button.jsx'
import { ConfirmDialog } from '../ui/ConfirmDialog.jsx'
import { useDisconnected, useLiveTrade, useStale } from '../../contexts/LiveContext.jsx'

/** @import { Trade } from '../../api/types' */

/**
 * Closes one trade at market, after saying so.
 * @param {{ trade: Trade, onClose: (trade: Trade) => Promise<string> }} props
 */
export function CloseButton({ trade, onClose }) {
  const [asked, setAsked] = useState(false)
  const disconnected = useDisconnected()
  const stale = useStale()
  const result = useLiveTrade(trade.id)?.unrealizedPnL ?? trade.unrealizedPnL
  const what = `${trade.symbol} ${trade.direction}`
  return (
    <>
      <Button
        onClick={() => setAsked(true)}
        disabled={disconnected}
        title={disconnected ? 'Waits for the live connection: the price shown is the last known.' : undefined}
        aria-label={`Close ${what}, trade ${trade.id}`}
        aria-haspopup="dialog"
        className="relative"
      >
        Close
      </Button>
      {asked && (
        <ConfirmDialog title={`Close ${what}?`} action="Close at market" danger onConfirm={() => onClose(trade)} onClose={() => setAsked(false)}>
          <p>
            {formatQuantity(trade.positionSize)} {trade.symbol} is closed at the market price. As prices stand that is about{' '}
            {formatSignedMoney(result)} USDT before fees. Its stop and target go with it; other trades stay.
          </p>
          {stale && <p className="text-warn">The market has not been heard of for a while: that price is the last known, and the trade may end at another.</p>}
        </ConfirmDialog>
      )}
    </>
  )
}
