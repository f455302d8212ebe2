import { Minus, TrendingDown, TrendingUp } from 'lucide-react'

import { formatPrice, formatScore, isKnown } from '../../format/numbers.js'
import { leaningOf } from '../../format/words.js'

/** @import { SymbolReading } from '../../api/types' */

const LEANINGS = {
  bullish: { Icon: TrendingUp, colour: 'text-up' },
  bearish: { Icon: TrendingDown, colour: 'text-down' },
  neutral: { Icon: Minus, colour: 'text-muted' },
  unknown: { Icon: Minus, colour: 'text-muted' },
}

/**
 * Why there is no trade in each symbol right now, in the strategy's own words.
 * @param {{ symbols: SymbolReading[] }} props
 */
export function MarketReadings({ symbols }) {
  return (
    <ul className="divide-y divide-line">
      {symbols.map((symbol) => (
        <li key={symbol.symbol} className="flex flex-col gap-1 px-4 py-3">
          <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
            <span className="font-semibold">{symbol.symbol}</span>
            <span className="figures text-muted">{formatPrice(symbol.lastPrice)}</span>
            <span className="ml-auto flex gap-3 text-xs">
              <Leaning name="trend" value={symbol.trend} />
              <Leaning name="bias" value={symbol.bias} />
            </span>
          </div>
          <p className="text-ink/85">{symbol.reading ?? 'No reading yet: the first candle has not closed.'}</p>
          <Scores reading={symbol} />
        </li>
      ))}
    </ul>
  )
}

/** @param {{ reading: SymbolReading }} props */
function Scores({ reading: { scoreLong, scoreShort } }) {
  if (!isKnown(scoreLong) || !isKnown(scoreShort)) return null
  return (
    <p className="figures text-xs text-muted">
      Confluence now: long {formatScore(scoreLong)}, short {formatScore(scoreShort)} of 100
    </p>
  )
}

/** @param {{ name: string, value: number | string | null }} props */
function Leaning({ name, value }) {
  const word = leaningOf(value)
  const { Icon, colour } = LEANINGS[word]
  return (
    <span className="inline-flex items-center gap-1">
      <Icon aria-hidden="true" className={`size-3.5 ${colour}`} />
      <span className="text-muted">{name}</span> {word}
    </span>
  )
}
