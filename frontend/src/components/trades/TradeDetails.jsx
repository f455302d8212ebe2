import { Check } from 'lucide-react'

import { formatMoney, formatPrice, formatQuantity, formatR, formatScore, formatSignedMoney } from '../../format/numbers.js'
import { formatFullUtc, formatTimeBetween } from '../../format/times.js'
import { useStale } from '../../contexts/LiveContext.jsx'
import { exitReasonWords, spellOut } from '../../format/words.js'
import { Badge } from '../ui/Badge.jsx'
import { DirectionWord } from '../ui/Direction.jsx'
import { Fact, Facts } from '../ui/Facts.jsx'
import { Sentences } from '../ui/Sentences.jsx'
import { SignedNumber } from '../ui/SignedNumber.jsx'
import { PriceLadder } from './PriceLadder.jsx'
import { useFigures } from './useFigures.js'

/** @import { ReactNode } from 'react' */
/** @import { Trade } from '../../api/types' */

/**
 * One trade from its reasons to its result. `children` is what can be done with it.
 * @param {{ trade: Trade, children?: ReactNode }} props
 */
export function TradeDetails({ trade, children }) {
  const { currentPrice } = useFigures(trade)
  const open = trade.status === 'open'
  return (
    <div className="flex flex-col gap-5 p-4 whitespace-normal">
      <div className="flex flex-wrap items-center gap-2">
        <DirectionWord direction={trade.direction} />
        <Badge tone={open ? 'accent' : 'neutral'}>{open ? 'Open' : `Closed: ${exitReasonWords(trade.exitReason)}`}</Badge>
        {trade.model !== null && (
          <span className="text-xs text-muted">
            {spellOut(trade.model)} · score {formatScore(trade.confluenceScore)}
          </span>
        )}
      </div>
      <Result trade={trade} />
      {children}
      {open && <PriceLadder stop={trade.stopLoss} entry={trade.entryPrice} target={trade.takeProfit} current={currentPrice} />}
      <Facts label="Levels">
        <Fact name="Stop">{formatPrice(trade.stopLoss)}</Fact>
        <Fact name="Entry">{formatPrice(trade.entryPrice)}</Fact>
        <Fact name="Target">{formatPrice(trade.takeProfit)}</Fact>
        <Fact name={open ? 'Price' : 'Exit price'}>{formatPrice(open ? currentPrice : trade.exitPrice)}</Fact>
        <Fact name="Size">{formatQuantity(trade.positionSize)}</Fact>
        <Fact name="Risk (USDT)">{formatMoney(trade.riskAmount)}</Fact>
        <Fact name="Fees (USDT)">{formatMoney(trade.fees)}</Fact>
        <Fact name="Funding (USDT)">{formatSignedMoney(trade.funding)}</Fact>
        <Fact name="Slippage (USDT)">{formatMoney(trade.slippage)}</Fact>
      </Facts>
      <Times trade={trade} />
      <Sentences title="Why it was taken" sentences={trade.reasons} Icon={Check} colour="text-up" />
      <p className="text-xs break-all text-faint">{trade.signalId}</p>
    </div>
  )
}

/** @param {{ trade: Trade }} props */
function Result({ trade }) {
  const { unrealizedPnL, unrealizedR } = useFigures(trade)
  const open = trade.status === 'open'
  const lastKnown = useStale() && open
  return (
    <div>
      <p className="text-xs text-muted">
        {lastKnown && <span className="text-warn">Last known. </span>}
        {open ? 'As it stands, before the costs of leaving' : 'Result after fees and funding'}
      </p>
      <p className={lastKnown ? 'last-known flex flex-wrap items-baseline gap-x-3 pl-3' : 'flex flex-wrap items-baseline gap-x-3'}>
        <SignedNumber value={open ? unrealizedPnL : trade.realizedPnL} format={formatSignedMoney} className="text-2xl font-semibold" />
        <span className="text-muted">USDT</span>
        <SignedNumber value={open ? unrealizedR : trade.resultR} format={formatR} />
      </p>
      {trade.ambiguous && <p className="mt-1 text-warn">One candle touched stop and target; which came first is unknown, so the worse was assumed.</p>}
    </div>
  )
}

/** @param {{ trade: Trade }} props */
function Times({ trade }) {
  return (
    <dl className="figures flex flex-col gap-1 text-sm">
      <Line name="Opened">{formatFullUtc(trade.entryTime)}</Line>
      {trade.exitTime !== null && <Line name="Closed">{formatFullUtc(trade.exitTime)}</Line>}
      {trade.exitTime !== null && <Line name="Held">{formatTimeBetween(trade.entryTime, trade.exitTime)}</Line>}
    </dl>
  )
}

/** @param {{ name: string, children: ReactNode }} props */
function Line({ name, children }) {
  return (
    <div className="flex flex-wrap justify-between gap-x-4">
      <dt className="text-muted">{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
