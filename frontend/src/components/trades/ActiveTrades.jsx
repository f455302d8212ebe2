import { formatBareR, formatMoney, formatPrice, formatQuantity, formatR, formatSignedMoney } from '../../format/numbers.js'
import { SignedNumber } from '../ui/SignedNumber.jsx'
import { UtcTime } from '../ui/UtcTime.jsx'
import { CloseButton } from './CloseButton.jsx'
import { PriceLadder } from './PriceLadder.jsx'
import { Table } from '../ui/Table.jsx'
import { TradeButton, tradeName } from './TradeName.jsx'
import { useFigures } from './useFigures.js'

/** @import { Trade } from '../../api/types' */

/** What the details hold too gives way where the table has little room. */
const ROOMY = '@max-[64rem]:hidden'
const MODEST = '@max-[56rem]:hidden'

const COLUMNS = [
  { text: 'Symbol' },
  { text: 'P&L (USDT)', number: true },
  { text: 'R', number: true },
  { text: 'Price', number: true },
  { text: 'Entry', number: true },
  { text: 'Stop', number: true },
  { text: 'Stop to target' },
  { text: 'Target', number: true },
  { text: 'Size', number: true, className: MODEST },
  { text: 'Risk', number: true },
  { text: 'Opened (UTC)', className: ROOMY },
  { text: 'Close' },
]

/**
 * @typedef {object} TradeActions
 * @property {(trade: Trade) => Promise<string>} onClose asks for it; the sentence on what became of it
 * @property {(trade: Trade) => void} onOpen shows its details
 */

/** @param {{ trades: Trade[] } & TradeActions} props */
export function ActiveTradeTable({ trades, ...actions }) {
  return (
    <Table label="Active trades" columns={COLUMNS}>
      {trades.map((trade) => (
        <ActiveTradeRow key={trade.id} trade={trade} {...actions} />
      ))}
    </Table>
  )
}

/** @param {{ trade: Trade } & TradeActions} props */
function ActiveTradeRow({ trade, onClose, onOpen }) {
  const { currentPrice, unrealizedPnL, unrealizedR } = useFigures(trade)
  return (
    <tr aria-label={tradeName(trade)} className="relative">
      <th scope="row">
        <TradeButton trade={trade} onOpen={onOpen} />
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
      <td className={`number ${MODEST}`}>{formatQuantity(trade.positionSize)}</td>
      <td className="number">{formatMoney(trade.riskAmount)}</td>
      <td className={ROOMY}>
        <UtcTime time={trade.entryTime} />
      </td>
      <td>
        <CloseButton trade={trade} onClose={onClose} />
      </td>
    </tr>
  )
}

/** @param {{ trades: Trade[] } & TradeActions} props */
export function ActiveTradeCards({ trades, ...actions }) {
  return (
    <ul aria-label="Active trades" className="divide-y divide-line">
      {trades.map((trade) => (
        <li key={trade.id}>
          <ActiveTradeCard trade={trade} {...actions} />
        </li>
      ))}
    </ul>
  )
}

/** @param {{ trade: Trade } & TradeActions} props */
function ActiveTradeCard({ trade, onClose, onOpen }) {
  const { currentPrice, unrealizedPnL, unrealizedR } = useFigures(trade)
  return (
    <article aria-label={tradeName(trade)} className="relative flex flex-col gap-2 px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-2">
        <TradeButton trade={trade} onOpen={onOpen} />
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
