import { formatBareR, formatMoney, formatPrice, formatQuantity, formatR, formatScore, formatSignedMoney } from '../../format/numbers.js'
import { formatTimeBetween } from '../../format/times.js'
import { exitReasonWords, spellOut } from '../../format/words.js'
import { SignedNumber } from '../ui/SignedNumber.jsx'
import { Table } from '../ui/Table.jsx'
import { UtcTime } from '../ui/UtcTime.jsx'
import { TradeButton, tradeName } from './TradeName.jsx'

/** @import { Trade } from '../../api/types' */

/** What the details hold too gives way where the table has little room. */
const ROOMY = '@max-[62rem]:hidden'
const MODEST = '@max-[56rem]:hidden'

const COLUMNS = [
  { text: 'Symbol' },
  { text: 'Closed (UTC)' },
  { text: 'Held' },
  { text: 'Exit' },
  { text: 'P&L (USDT)', number: true },
  { text: 'R', number: true },
  { text: 'Entry price', number: true },
  { text: 'Exit price', number: true },
  { text: 'Size', number: true, className: MODEST },
  { text: 'Fees', number: true },
  { text: 'Model', className: ROOMY },
]

/** @param {{ trades: Trade[], onOpen: (trade: Trade) => void }} props */
export function TradeHistoryTable({ trades, onOpen }) {
  return (
    <Table label="Trade history" columns={COLUMNS}>
      {trades.map((trade) => (
        <tr key={trade.id} aria-label={tradeName(trade)} className="relative">
          <th scope="row">
            <TradeButton trade={trade} onOpen={onOpen} />
          </th>
          <td>
            <UtcTime time={trade.exitTime} />
          </td>
          <td>{formatTimeBetween(trade.entryTime, trade.exitTime)}</td>
          <td>
            <ExitWords trade={trade} />
          </td>
          <td className="number font-semibold">
            <SignedNumber value={trade.realizedPnL} format={formatSignedMoney} />
          </td>
          <td className="number">
            <SignedNumber value={trade.resultR} format={formatBareR} />
          </td>
          <td className="number">{formatPrice(trade.entryPrice)}</td>
          <td className="number">{formatPrice(trade.exitPrice)}</td>
          <td className={`number ${MODEST}`}>{formatQuantity(trade.positionSize)}</td>
          <td className="number">{formatMoney(trade.fees)}</td>
          <td className={`text-muted ${ROOMY}`}>{modelWords(trade)}</td>
        </tr>
      ))}
    </Table>
  )
}

/** @param {{ trades: Trade[], onOpen: (trade: Trade) => void }} props */
export function TradeHistoryCards({ trades, onOpen }) {
  return (
    <ul aria-label="Trade history" className="divide-y divide-line">
      {trades.map((trade) => (
        <li key={trade.id}>
          <article aria-label={tradeName(trade)} className="relative flex flex-col gap-1 px-4 py-3">
            <div className="flex flex-wrap items-center gap-x-2">
              <TradeButton trade={trade} onOpen={onOpen} />
              <span className="text-xs text-muted">
                <ExitWords trade={trade} />
              </span>
              <SignedNumber value={trade.realizedPnL} format={formatSignedMoney} className="ml-auto font-semibold" />
              <SignedNumber value={trade.resultR} format={formatR} className="text-xs" />
            </div>
            <div className="figures flex flex-wrap justify-between gap-x-4 text-xs text-muted">
              <span>
                {formatPrice(trade.entryPrice)} → {formatPrice(trade.exitPrice)}
              </span>
              <span>
                <UtcTime time={trade.exitTime} zone /> · held {formatTimeBetween(trade.entryTime, trade.exitTime)}
              </span>
            </div>
          </article>
        </li>
      ))}
    </ul>
  )
}

/** @param {{ trade: Trade }} props */
function ExitWords({ trade }) {
  return (
    <>
      {exitReasonWords(trade.exitReason)}
      {trade.ambiguous && (
        <abbr title="One candle touched stop and target; which came first is unknown, so the worse was assumed." className="ml-1 text-muted">
          assumed
        </abbr>
      )}
    </>
  )
}

/** @param {Trade} trade */
function modelWords({ model, confluenceScore }) {
  if (model === null) return '—'
  return confluenceScore === null ? spellOut(model) : `${spellOut(model)} · ${formatScore(confluenceScore)}`
}
