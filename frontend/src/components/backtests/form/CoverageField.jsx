import { useId } from 'react'

import { formatDate } from '../../../format/days.js'
import { formatCount } from '../../../format/numbers.js'
import { candlesOf } from '../words.js'
import { FieldError } from './Fields.jsx'

/** @import { CandleSeries } from '../../../api/backtestTypes' */

/**
 * Which symbols to trade, each with what is stored of it.
 * @param {{ series: CandleSeries[], chosen: string[], error?: string, onChange: (symbols: string[]) => void }} props
 */
export function CoverageField({ series, chosen, error, onChange }) {
  const errorId = useId()
  const first = Math.min(...series.map(({ from }) => Date.parse(from)))
  const last = Math.max(...series.map(({ to }) => Date.parse(to)))

  /** @param {string} symbol */
  const toggle = (symbol) => onChange(series.map((one) => one.symbol).filter((one) => (one === symbol ? !chosen.includes(one) : chosen.includes(one))))

  return (
    <fieldset aria-describedby={error ? errorId : undefined} data-wrong={error ? true : undefined}>
      <legend className="mb-1 text-xs text-muted">Symbols and their stored candles</legend>
      <ul className={`divide-y divide-line rounded-md border ${error ? 'border-danger' : 'border-line'}`}>
        {series.map((one) => (
          <li key={one.symbol}>
            <label className="flex cursor-pointer flex-col gap-1 px-3 py-2 hover:bg-raised">
              <span className="flex items-center gap-2">
                <input type="checkbox" className="size-4 accent-accent" checked={chosen.includes(one.symbol)} onChange={() => toggle(one.symbol)} />
                <span className="font-semibold">{one.symbol}</span>
                <span className="figures ml-auto text-xs text-muted">
                  {formatDate(one.from)} – {formatDate(one.to)}
                </span>
              </span>
              <CoverageBar series={one} first={first} last={last} />
              <span className="figures text-xs text-muted">
                {formatCount(one.candles)} candles, {one.missing === 0 ? 'none missing' : <span className="text-warn">{formatCount(one.missing)} missing</span>}
              </span>
            </label>
          </li>
        ))}
      </ul>
      <FieldError id={errorId} error={error} />
    </fieldset>
  )
}

/** Where the candles lie between the first and the last of all symbols. @param {{ series: CandleSeries, first: number, last: number }} props */
function CoverageBar({ series, first, last }) {
  const length = Math.max(last - first, 1)
  const begin = (Date.parse(series.from) - first) / length
  const width = (Date.parse(series.to) - Date.parse(series.from)) / length
  return (
    <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" className="h-1 w-full rounded-xs bg-raised">
      <rect x={begin * 100} width={Math.max(width * 100, 0.5)} height={4} className="fill-series-1" />
    </svg>
  )
}

/**
 * What to do where nothing is stored.
 * @param {{ market: string, timeframe: string }} props
 */
export function NothingStored({ market, timeframe }) {
  return (
    <p className="rounded-md border border-warn/50 px-3 py-2 text-sm text-muted">
      None of {candlesOf(market)} are stored at {timeframe}, so there is nothing to test on. Download some first, on the server:{' '}
      <code className="break-words text-ink">flask candles download BTCUSDT --market {market} --timeframe {timeframe} --from 2026-01-01</code>
    </p>
  )
}
