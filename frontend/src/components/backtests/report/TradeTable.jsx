import { useId, useState } from 'react'

import { formatBareR, formatMoney, formatPrice, formatR, formatScore, formatSignedMoney } from '../../../format/numbers.js'
import { formatTimeBetween } from '../../../format/times.js'
import { exitReasonWords, killZoneWords, spellOut } from '../../../format/words.js'
import { useWideScreen } from '../../../hooks/useMediaQuery.js'
import { Pagination } from '../../trades/Pagination.jsx'
import { Button } from '../../ui/Button.jsx'
import { DirectionWord } from '../../ui/Direction.jsx'
import { SignedNumber } from '../../ui/SignedNumber.jsx'
import { Table } from '../../ui/Table.jsx'
import { UtcTime } from '../../ui/UtcTime.jsx'
import { FIELD } from '../form/Fields.jsx'
import { SORTS, sortedTrades, tradeTitle } from './tradeWords.js'

/** @import { BacktestTrade } from '../../../api/backtestTypes' */
/** @import { Column } from '../../ui/Table.jsx' */

const PAGE_SIZE = 25

/** @typedef {{ key: string, descending: boolean }} Order */
/** @typedef {{ trades: BacktestTrade[], chosen: number | null, onChoose: (n: number) => void }} TradesProps */
/** @typedef {TradesProps & { years: boolean, order: Order, onSort: (order: Order) => void }} PageProps `years`: the trades are of more than one */

/** All trades, in pages, by any column. @param {TradesProps} props */
export function TradeTable({ trades, chosen, onChoose }) {
  const [order, setOrder] = useState(/** @type {Order} */ ({ key: 'n', descending: false }))
  const [page, setPage] = useState(1)
  const wide = useWideScreen()
  const sorted = sortedTrades(trades, order)
  const years = new Set(trades.map(({ entryTime }) => entryTime.slice(0, 4))).size > 1
  const visible = { trades: sorted.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE), chosen, onChoose, years }

  /** @param {Order} next */
  const sort = (next) => {
    setOrder(next)
    setPage(1)
  }
  return (
    <>
      {wide ? <Rows {...visible} order={order} onSort={sort} /> : <Cards {...visible} order={order} onSort={sort} />}
      <Pagination label="Trade pages" words="trades" page={page} pages={Math.ceil(trades.length / PAGE_SIZE)} total={trades.length} onPage={setPage} />
    </>
  )
}

/** @param {PageProps} props */
function Rows({ trades, chosen, onChoose, years, order, onSort }) {
  const columns = SORTS.map(({ key, text, number }) => {
    const sorted = key === order.key
    /** @type {Column['sort']} */
    const sort = !sorted ? 'none' : order.descending ? 'descending' : 'ascending'
    return {
      text,
      number,
      sort,
      onSort: () => onSort({ key, descending: sorted && !order.descending }),
    }
  })
  return (
    <Table label="Trades" columns={columns}>
      {trades.map((trade) => (
        <tr key={trade.n} aria-label={tradeTitle(trade)} className={trade.n === chosen ? 'bg-raised' : ''}>
          <td className="number">
            <ShowButton trade={trade} chosen={chosen} onChoose={onChoose} />
          </td>
          <th scope="row">
            <span className="flex items-center gap-2">
              <span className="font-semibold">{trade.symbol}</span>
              <DirectionWord direction={trade.direction} />
            </span>
          </th>
          <td>
            <UtcTime time={trade.entryTime} year={years} />
          </td>
          <td>{formatTimeBetween(trade.entryTime, trade.exitTime)}</td>
          <td>
            <ExitWords trade={trade} />
          </td>
          <td className="number font-semibold">
            <SignedNumber value={trade.netPnL} format={formatSignedMoney} />
          </td>
          <td className="number">
            <SignedNumber value={trade.resultR} format={formatBareR} />
          </td>
          <td className="number">{formatMoney(trade.mae)}</td>
          <td className="number">{formatMoney(trade.mfe)}</td>
          <td className="number">{formatPrice(trade.entryPrice)}</td>
          <td className="number">{formatPrice(trade.exitPrice)}</td>
          <td className="number">{formatMoney(trade.fees)}</td>
          <td className="text-muted">{spellOut(trade.model)}</td>
          <td className="text-muted">{killZoneWords(trade.killZone) ?? '—'}</td>
          <td className="number">{formatScore(trade.score)}</td>
        </tr>
      ))}
    </Table>
  )
}

/** @param {{ trade: BacktestTrade, chosen: number | null, onChoose: (n: number) => void }} props */
function ShowButton({ trade, chosen, onChoose }) {
  return (
    <button type="button" aria-pressed={trade.n === chosen} aria-label={`Show trade ${trade.n} on the chart`} onClick={() => onChoose(trade.n)} className="figures min-h-6 min-w-8 text-right text-accent underline pointer-coarse:min-h-11">
      {trade.n}
    </button>
  )
}

/** @param {PageProps} props */
function Cards({ trades, chosen, onChoose, years, order, onSort }) {
  const id = useId()
  return (
    <>
      <div className="flex items-center gap-2 border-b border-line px-4 py-2 text-sm">
        <label htmlFor={id} className="shrink-0 text-xs text-muted">
          Sort by
        </label>
        <select id={id} className={FIELD} value={order.key} onChange={(event) => onSort({ ...order, key: event.target.value })}>
          {SORTS.map(({ key, text }) => (
            <option key={key} value={key}>
              {text}
            </option>
          ))}
        </select>
        <Button className="shrink-0" onClick={() => onSort({ ...order, descending: !order.descending })}>
          {order.descending ? 'Falling' : 'Rising'}
        </Button>
      </div>
      <ul aria-label="Trades" className="divide-y divide-line">
        {trades.map((trade) => (
          <li key={trade.n}>
            <article aria-label={tradeTitle(trade)} className={`flex flex-col gap-1 px-4 py-3 ${trade.n === chosen ? 'bg-raised' : ''}`}>
              <div className="flex flex-wrap items-center gap-x-2">
                <ShowButton trade={trade} chosen={chosen} onChoose={onChoose} />
                <span className="font-semibold">{trade.symbol}</span>
                <DirectionWord direction={trade.direction} />
                <span className="ml-auto inline-flex items-baseline gap-2">
                  <SignedNumber value={trade.netPnL} format={formatSignedMoney} className="font-semibold" />
                  <SignedNumber value={trade.resultR} format={formatR} className="text-xs" />
                </span>
              </div>
              <div className="figures flex flex-wrap justify-between gap-x-4 text-xs text-muted">
                <span>
                  {formatPrice(trade.entryPrice)} → {formatPrice(trade.exitPrice)} <ExitWords trade={trade} />
                </span>
                <span>
                  <UtcTime time={trade.entryTime} year={years} zone /> · held {formatTimeBetween(trade.entryTime, trade.exitTime)}
                </span>
              </div>
            </article>
          </li>
        ))}
      </ul>
    </>
  )
}

/** @param {{ trade: BacktestTrade }} props */
function ExitWords({ trade }) {
  return (
    <>
      {exitReasonWords(trade.exitReason)}
      {trade.ambiguous && (
        <abbr title="One candle touched stop and target; which came first is unknown, so the stop was assumed." className="ml-1 text-muted">
          assumed
        </abbr>
      )}
    </>
  )
}
