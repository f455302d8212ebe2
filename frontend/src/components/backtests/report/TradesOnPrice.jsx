import { useRef, useState } from 'react'

import { formatDate, timeframeMilliseconds } from '../../../format/days.js'
import { formatCount, formatPrice, formatR } from '../../../format/numbers.js'
import { formatFullUtc } from '../../../format/times.js'
import { exitReasonWords } from '../../../format/words.js'
import { useBacktestCandles } from '../../../hooks/useBacktests.js'
import { Button } from '../../ui/Button.jsx'
import { Choice } from '../../ui/Choice.jsx'
import { Panel } from '../../ui/Panel.jsx'
import { QueryContent } from '../../ui/QueryContent.jsx'
import { PriceChart } from './PriceChart.jsx'
import { windowOf } from './priceScale.js'
import { TradeTable } from './TradeTable.jsx'
import { tradeTitle } from './tradeWords.js'

/** @import { BacktestJob, BacktestReport, BacktestTrade } from '../../../api/backtestTypes' */

/**
 * The trades on the price and as a table; choosing one in either shows it in both.
 * @param {{ job: BacktestJob, report: BacktestReport }} props
 */
export function TradesOnPrice({ job, report }) {
  const { symbols, timeframe } = job.request
  const [symbol, setSymbol] = useState(symbols[0] ?? '')
  const [chosen, setChosen] = useState(/** @type {BacktestTrade | null} */ (null))
  const chart = useRef(/** @type {HTMLDivElement | null} */ (null))

  /** @param {number | null} n */
  const choose = (n) => {
    const trade = report.trades.find((one) => one.n === n) ?? null
    setChosen(trade)
    if (trade) setSymbol(trade.symbol)
  }
  const whole = { from: Date.parse(report.from), to: Date.parse(report.to) }
  const part = chosen ? windowOf(chosen, timeframeMilliseconds(timeframe)) : whole
  const trades = report.trades.filter((trade) => trade.symbol === symbol)
  const symbolChoices = symbols.map((one) => ({ value: one, text: one }))
  return (
    <>
      <div ref={chart} className="scroll-mt-32">
        <Panel
          title="Trades on the price"
          note={chosen ? tradeTitle(chosen) : `${formatDate(report.from)} – ${formatDate(report.to)}`}
          actions={
            <>
              {symbols.length > 1 && (
                <Choice
                  label="Symbol"
                  name="chart-symbol"
                  options={symbolChoices}
                  value={symbol}
                  onChange={(next) => {
                    setSymbol(next)
                    setChosen(null)
                  }}
                />
              )}
              <Steps trades={trades} chosen={chosen} onChoose={choose} />
            </>
          }
        >
          <CandlesOfPart id={String(job.id)} part={{ symbol, from: String(part.from), to: String(part.to) }} trades={trades} chosen={chosen} onChoose={choose} />
          <p role="status" className="border-t border-line px-4 py-2 text-xs text-muted">
            {chosen ? tradeSentence(chosen) : 'Arrows are entries, filled when the trade won. Choose one to see its entry, exit, stop and target.'}
          </p>
        </Panel>
      </div>
      <Panel title="Trades" note={tradesNote(report)}>
        <TradeTable
          trades={report.trades}
          chosen={chosen?.n ?? null}
          onChoose={(n) => {
            choose(n)
            chart.current?.scrollIntoView?.({ block: 'start' })
          }}
        />
      </Panel>
    </>
  )
}

/**
 * From trade to trade of a symbol, and back to all of them.
 * @param {{ trades: BacktestTrade[], chosen: BacktestTrade | null, onChoose: (n: number | null) => void }} props
 */
function Steps({ trades, chosen, onChoose }) {
  const index = trades.findIndex(({ n }) => n === chosen?.n)
  const before = chosen ? trades[index - 1] : undefined
  const after = trades[index + 1]
  return (
    <>
      <Button aria-label="Previous trade" disabled={!before} onClick={() => onChoose(before?.n ?? null)}>
        Previous
      </Button>
      <Button aria-label="Next trade" disabled={!after} onClick={() => onChoose(after?.n ?? null)}>
        Next
      </Button>
      <Button disabled={!chosen} onClick={() => onChoose(null)}>
        Whole run
      </Button>
    </>
  )
}

/**
 * @param {object} props
 * @param {string} props.id
 * @param {{ symbol: string, from: string, to: string }} props.part
 * @param {BacktestTrade[]} props.trades
 * @param {BacktestTrade | null} props.chosen
 * @param {(n: number) => void} props.onChoose
 */
function CandlesOfPart({ id, part, trades, chosen, onChoose }) {
  const query = useBacktestCandles(id, part)
  return (
    <QueryContent
      what="The candles"
      query={query}
      skeleton={<div className="skeleton m-3 h-[19.75rem]" />}
      isEmpty={({ candles }) => candles.length === 0}
      empty={{ title: 'No candles here any more.', text: 'The report stays; the stored candles of this stretch are gone.' }}
      emptyClassName="min-h-[21.25rem]"
    >
      {(data) => <PriceChart data={data} trades={trades} chosen={chosen} onChoose={onChoose} description={`Price of ${part.symbol} with ${formatCount(trades.length)} trades`} />}
    </QueryContent>
  )
}

/** @param {BacktestReport} report */
function tradesNote({ trades, openTrades }) {
  const open = openTrades.length > 0 ? `, ${formatCount(openTrades.length)} still open at the end` : ''
  return `${formatCount(trades.length)} closed${open}`
}

/** @param {BacktestTrade} trade */
function tradeSentence(trade) {
  const { entryPrice, entryTime, stop, target, exitPrice, exitTime, exitReason, resultR } = trade
  const end = exitTime === null ? 'still open' : `out at ${formatPrice(exitPrice)} on ${formatFullUtc(exitTime)} (${exitReasonWords(exitReason).toLowerCase()})`
  return `${tradeTitle(trade)}: in at ${formatPrice(entryPrice)} on ${formatFullUtc(entryTime)}, stop ${formatPrice(stop)}, target ${formatPrice(target)}; ${end}, ${formatR(resultR)}.`
}
