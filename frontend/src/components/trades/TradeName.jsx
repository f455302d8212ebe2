import { DirectionWord } from '../ui/Direction.jsx'

/** @import { Trade } from '../../api/types' */

/** @param {Trade} trade */
export const tradeName = (trade) => `${trade.symbol} ${trade.direction}, trade ${trade.id}`

/**
 * Symbol and direction as the button that shows the trade's details. The whole row or card around it, which must be `relative`, is its
 * target; what else can be pressed there lies above it.
 * @param {{ trade: Trade, onOpen: (trade: Trade) => void }} props
 */
export function TradeButton({ trade, onOpen }) {
  return (
    <button
      type="button"
      aria-haspopup="dialog"
      onClick={() => onOpen(trade)}
      className="inline-flex min-h-6 items-center gap-2 after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:rounded-sm focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
    >
      <span className="font-semibold">{trade.symbol}</span> <DirectionWord direction={trade.direction} />
      <span className="sr-only">, details of trade {trade.id}</span>
    </button>
  )
}
