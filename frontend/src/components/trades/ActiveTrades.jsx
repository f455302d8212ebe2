import { useLiveTrade } from '../../contexts/LiveContext.jsx'
import { formatBareR, formatMoney, formatPrice, formatQuantity, formatR, formatSignedMoney } from '../../format/numbers.js'
import { DirectionWord } from '../ui/Direction.jsx'
import { SignedNumber } from '../ui/SignedNumber.jsx'
import { UtcTime } from '../ui/UtcTime.jsx'
import { CloseButton } from './CloseButton.jsx'
import { PriceLadder } from './PriceLadder.jsx'
import { Table } from '../ui/Table.jsx'

/** @import { Trade } from '../../api/types' */

/** @param {Trade} trade */
export const tradeName = (trade) => `${trade.symbol} ${trade.direction}, trade ${trade.id}`

/**
 * The trade with its newest price and result; each row follows only its own.
 * @param {Trade} trade
 */
function useFigures(trade) {
  const live = useLiveTrade(trade.id)
  return {
    currentPrice: live?.currentPrice ?? trade.currentPrice,
    unrealizedPnL: live?.unrealizedPnL ?? trade.unrealizedPnL,
    unrealizedR: live?.unrealizedR ?? trade.unrealizedR,
  }
}

const COLUMNS = [
  { text: 'Symbol' },
  { text: 'P&L (USDT)', number: true },
  { text: 'R', number: true },
  { text: 'Price', number: true },
  { text: 'Entry', number: true },
  { text: 'Stop', number: true },
  { text: 'Stop to target' },
  { text: 'Target', number: true },
  { text: 'Size', number: true },
  { text: 'Risk', number: true },
  { text: 'Opened (UTC)' },
  { text: 'Close' },
]

/** @typedef {(trade: Trade) => Promise<string>} CloseTrade asks for it; the sentence on what became of it */

/** @param {{ trades: Trade[], onClose: CloseTrade }} props */
export function ActiveTradeTable({ trades, onClose }) {
  return (
    <Table label="Active trades" columns={COLUMNS}>
      {trades.map((trade) => (
        <ActiveTradeRow key={trade.id} trade={trade} onClose={onClose} />
      ))}
    </Table>
  )
}

/** @param {{ trade: Trade, onClose: CloseTrade }} props */
function ActiveTradeRow({ trade, onClose }) {
  const { currentPrice, unrealizedPnL, unrealizedR } = useFigures(trade)
  return (
    <tr aria-label={tradeName(trade)}>
      <th scope="row">
        <span className="flex items-center gap-2">
          <span className="font-semibold">{trade.symbol}</span>
          <DirectionWord direction={trade.direction} />
        </span>
      </th>
      <td className="number min-w-24 font-semibold">
        <SignedNumber value={unrealizedPnL} format={formatSignedMoney} />
      </td>
      <td className="number min-w-18">
        <SignedNumber value={unrealizedR} format={formatBareR} />
      </td>
      <td className="number font-medium">{formatPrice(currentPrice)}</td>
      <td className="number">{formatPrice(trade.entryPrice)}</td>
      <td className="number">{formatPrice(trade.stopLoss)}</td>
      <td>
        <PriceLadder stop={trade.stopLoss} entry={trade.entryPrice} target={trade.takeProfit} current={currentPrice} />
      </td>
      <td className="number">{formatPrice(trade.takeProfit)}</td>
      <td className="number">{formatQuantity(trade.positionSize)}</td>
      <td className="number">{formatMoney(trade.riskAmount)}</td>
      <td>
        <UtcTime time={trade.entryTime} />
      </td>
      <td>
        <CloseButton trade={trade} onClose={onClose} />
      </td>
    </tr>
  )
}

/** @param {{ trades: Trade[], onClose: CloseTrade }} props */
export function ActiveTradeCards({ trades, onClose }) {
  return (
    <ul aria-label="Active trades" className="divide-y divide-line">
      {trades.map((trade) => (
        <li key={trade.id}>
          <ActiveTradeCard trade={trade} onClose={onClose} />
        </li>
      ))}
    </ul>
  )
}

/** @param {{ trade: Trade, onClose: CloseTrade }} props */
function ActiveTradeCard({ trade, onClose }) {
  const { currentPrice, unrealizedPnL, unrealizedR } = useFigures(trade)
  return (
    <article aria-label={tradeName(trade)} className="flex flex-col gap-2 px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-2">
        <span className="font-semibold">{trade.symbol}</span>
        <DirectionWord direction={trade.direction} />
        <span className="ml-auto text-base font-semibold">
          <SignedNumber value={unrealizedPnL} format={formatSignedMoney} />
        </span>
        <SignedNumber value={unrealizedR} format={formatR} className="min-w-16 text-right text-xs" />
      </div>
      <PriceLadder stop={trade.stopLoss} entry={trade.entryPrice} target={trade.takeProfit} current={currentPrice} />
      <dl className="figures flex flex-wrap justify-between gap-x-4 gap-y-1 text-xs">
        <Fact name="Stop" value={formatPrice(trade.stopLoss)} />
        <Fact name="Entry" value={formatPrice(trade.entryPrice)} />
        <Fact name="Price" value={formatPrice(currentPrice)} />
        <Fact name="Target" value={formatPrice(trade.takeProfit)} />
      </dl>
      <div className="flex justify-end">
        <CloseButton trade={trade} onClose={onClose} />
      </div>
    </article>
  )
}

/** @param {{ name: string, value: string }} props */
function Fact({ name, value }) {
  return (
    <div>
      <dt className="text-muted">{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

/**
 * Open trades of another environment: listed, never priced.
 * @param {{ trades: Trade[] }} props
 */
export function FrozenTrades({ trades }) {
  if (trades.length === 0) return null
  return (
    <details className="border-t border-line px-4 py-2 text-muted">
      <summary>{trades.length} open in another environment: frozen, not priced</summary>
      <ul className="figures mt-2 flex flex-col gap-1">
        {trades.map((trade) => (
          <li key={`${trade.environment}-${trade.id}`}>
            {trade.environment}: {trade.direction} {formatQuantity(trade.positionSize)} {trade.symbol} from {formatPrice(trade.entryPrice)},
            opened <UtcTime time={trade.entryTime} zone />
          </li>
        ))}
      </ul>
    </details>
  )
}
