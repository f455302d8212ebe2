import { formatDayUtc, formatFullUtc, toMilliseconds } from '../../../format/times.js'
import { useElementWidth } from '../../../hooks/useElementWidth.js'
import { tickFormat } from '../../chart/axes.js'
import { timeAxis } from '../../chart/timeTicks.js'
import { AXIS_HEIGHT, AXIS_WIDTH, candlePaths, CHART_HEIGHT, priceScale } from './priceScale.js'
import { tradeTitle } from './tradeWords.js'

/** @import { BacktestCandles, BacktestTrade } from '../../../api/backtestTypes' */
/** @import { PriceScale } from './priceScale.js' */

const MARKER = 5
/** Px: a trade of one candle still shows where its levels were. */
const SHORTEST_LEVEL = 16
/** More marks than this are drawn small, so that the price is still seen. */
const MANY_MARKS = 60

/**
 * Candles with the trades that were made on them. With `chosen`, its entry, exit, stop and target
 * are drawn; the other trades are marks to click. Tables hold the same for those who cannot see it.
 * @param {object} props
 * @param {BacktestCandles} props.data
 * @param {BacktestTrade[]} props.trades of the symbol
 * @param {BacktestTrade | null} props.chosen
 * @param {(n: number) => void} props.onChoose
 * @param {string} props.description
 */
export function PriceChart({ data, trades, chosen, onChoose, description }) {
  const { element, width } = useElementWidth()
  const { candles, step } = data
  const levels = chosen ? [chosen.entryPrice, chosen.exitPrice ?? chosen.entryPrice, chosen.stop, chosen.target] : []
  const first = candles[0]
  const scale = priceScale(candles, step, width, levels.length > 0 ? levels : [first?.[4] ?? 0])
  const shown = trades.filter(({ entryTime }) => Date.parse(entryTime) >= scale.from && Date.parse(entryTime) <= scale.until)
  return (
    <div ref={element} className="relative overflow-hidden" style={{ height: CHART_HEIGHT }}>
      <svg role="img" aria-label={description} width={width} height={CHART_HEIGHT} className="figures absolute inset-0 block text-[11px]">
        <Axes scale={scale} width={width} />
        <Candles data={data} scale={scale} />
        {chosen && <TradeLevels trade={chosen} scale={scale} width={width} />}
      </svg>
      {shown.map((trade) => (
        <Mark key={trade.n} trade={trade} scale={scale} small={shown.length > MANY_MARKS} chosen={trade.n === chosen?.n} onChoose={onChoose} />
      ))}
    </div>
  )
}

/** @param {{ scale: PriceScale, width: number }} props */
function Axes({ scale, width }) {
  const right = width - AXIS_WIDTH
  const bottom = CHART_HEIGHT - AXIS_HEIGHT
  const most = Math.max(Math.floor(right / 70), 2)
  const { ticks: all, tickFormatter } = timeAxis(scale.from, scale.until)
  const writePrice = tickFormat(scale.priceTicks)
  const ticks = all.filter((_, index) => index % Math.ceil(all.length / most) === 0)
  return (
    <g aria-hidden="true" className="fill-muted stroke-none">
      {scale.priceTicks.map((price) => (
        <g key={price}>
          <line x1={0} x2={right} y1={scale.y(price)} y2={scale.y(price)} className="stroke-line" />
          <text x={right + 6} y={scale.y(price) + 4}>
            {writePrice(price)}
          </text>
        </g>
      ))}
      {ticks.map((time) => (
        <text key={time} x={scale.x(time)} y={bottom + 16} textAnchor="middle">
          {scale.x(time) > 24 && scale.x(time) < right - 16 ? tickFormatter(time) : ''}
        </text>
      ))}
      <text x={right + 6} y={bottom + 16}>
        {formatDayUtc(scale.until)}
      </text>
    </g>
  )
}

/** @param {{ data: BacktestCandles, scale: PriceScale }} props */
function Candles({ data, scale }) {
  const { up, down } = candlePaths(data.candles, data.step, scale)
  return (
    <g aria-hidden="true">
      <path d={up} className="fill-up/60 stroke-up" strokeWidth={0.8} />
      <path d={down} className="fill-down/60 stroke-down" strokeWidth={0.8} />
    </g>
  )
}

/** @param {{ trade: BacktestTrade, scale: PriceScale, width: number }} props */
function TradeLevels({ trade, scale, width }) {
  const { x, y } = scale
  const entry = x(Date.parse(trade.entryTime))
  const exit = x(toMilliseconds(trade.exitTime) ?? scale.until)
  const levels = [
    { word: 'Target', price: trade.target, look: 'stroke-up', dash: '6 3' },
    { word: 'Entry', price: trade.entryPrice, look: 'stroke-accent', dash: '' },
    { word: 'Stop', price: trade.stop, look: 'stroke-down', dash: '2 3' },
  ]
  return (
    <g aria-hidden="true">
      {levels.map(({ word, price, look, dash }) => (
        <g key={word}>
          <line x1={entry} x2={Math.max(exit, entry + SHORTEST_LEVEL)} y1={y(price)} y2={y(price)} className={look} strokeWidth={1.5} strokeDasharray={dash} />
          <text x={Math.min(Math.max(exit, entry + SHORTEST_LEVEL) + 12, width - AXIS_WIDTH - 52)} y={y(price) + 4} className="fill-ink stroke-surface font-medium" strokeWidth={3} paintOrder="stroke">
            {word}
          </text>
        </g>
      ))}
      {trade.exitPrice !== null && (
        <g>
          <line x1={entry} y1={y(trade.entryPrice)} x2={exit} y2={y(trade.exitPrice)} className="stroke-ink" strokeWidth={1} strokeDasharray="1 3" />
          <rect x={exit - MARKER} y={y(trade.exitPrice) - MARKER} width={2 * MARKER} height={2 * MARKER} className="fill-surface stroke-ink" strokeWidth={1.5} transform={`rotate(45 ${exit} ${y(trade.exitPrice)})`} />
        </g>
      )}
    </g>
  )
}

/**
 * An arrow at an entry: up for long, down for short; hollow when the trade lost.
 * @param {{ trade: BacktestTrade, scale: PriceScale, small: boolean, chosen: boolean, onChoose: (n: number) => void }} props
 */
function Mark({ trade, scale, small, chosen, onChoose }) {
  const long = trade.direction === 'long'
  const won = (trade.netPnL ?? 0) > 0
  return (
    <button
      type="button"
      // The table below is the way for the keyboard: hundreds of marks would be as many stops.
      tabIndex={-1}
      aria-label={tradeTitle(trade)}
      aria-pressed={chosen}
      title={`${tradeTitle(trade)}, ${formatFullUtc(trade.entryTime)}`}
      onClick={() => onChoose(trade.n)}
      className={`absolute grid ${small ? 'size-4' : 'size-6'} -translate-1/2 place-items-center rounded-full ${chosen ? 'bg-accent/30' : ''}`}
      style={{ left: scale.x(Date.parse(trade.entryTime)), top: scale.y(trade.entryPrice) }}
    >
      <svg viewBox="0 0 12 12" aria-hidden="true" className={`stroke-accent ${small ? 'size-2' : 'size-3.5'} ${won ? 'fill-accent' : 'fill-surface'}`} strokeWidth={1.5}>
        <path d={long ? 'M6 1 11 10.5H1z' : 'M6 11 1 1.5h10z'} />
      </svg>
    </button>
  )
}
