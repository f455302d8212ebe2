import { formatCount, formatMoney, formatPercent, formatR, formatRatio, formatSignedMoney, formatSignedPercent, isKnown } from '../../format/numbers.js'
import { SignedNumber } from '../ui/SignedNumber.jsx'
import { Kpi } from './Kpi.jsx'

/** @import { Stats } from '../../api/types' */
/** @import { LiveAccount } from '../../contexts/liveStore.js' */

const ENOUGH_TRADES = 30

/**
 * Account and performance at a glance. The server computed every figure.
 * @param {{ stats: Stats, account: LiveAccount | undefined, lastKnown: boolean }} props
 */
export function KpiRow({ stats, account, lastKnown }) {
  return (
    <div className="grid grid-cols-2 gap-px overflow-hidden rounded-xl border border-line bg-line md:grid-cols-4 xl:grid-cols-8">
      <AccountKpis stats={stats} account={account} lastKnown={lastKnown} />
      <PerformanceKpis stats={stats} />
    </div>
  )
}

/** @param {{ stats: Stats, account: LiveAccount | undefined, lastKnown: boolean }} props */
function AccountKpis({ stats, account, lastKnown }) {
  const equity = account?.equity ?? stats.equity
  return (
    <>
      <Kpi
        label="Equity"
        definition="Wallet balance plus the unrealised result of open trades, in USDT."
        value={equity}
        detail={<>started with {formatMoney(stats.initialBalance)}</>}
        lastKnown={lastKnown}
      >
        {formatMoney(equity)}
      </Kpi>
      <Kpi
        label="Open P&L"
        definition="What all open trades would earn if closed at the current price, before exit costs, in USDT."
        value={account?.openPnL}
        detail={<Parts items={[optional(formatSignedPercent, account?.openPnLPercent), optional(formatR, account?.openR), `${formatCount(stats.activeTrades)} open`]} />}
        lastKnown={lastKnown}
      >
        <SignedNumber value={account?.openPnL} format={formatSignedMoney} />
      </Kpi>
      <ResultKpi stats={stats} />
    </>
  )
}

/** Today's result where the server reports it, else the result of all closed trades. @param {{ stats: Stats }} props */
function ResultKpi({ stats }) {
  if (stats.todayPnL !== undefined) {
    return (
      <Kpi
        label="Today’s P&L"
        definition="Net result of the trades closed since 00:00 UTC, after fees, funding and slippage, in USDT."
        value={stats.todayPnL}
        detail={<Parts items={[optional(formatSignedPercent, stats.todayPnLPercent), optional(formatR, stats.todayR), `all ${formatSignedMoney(stats.totalPnL)}`]} />}
      >
        <SignedNumber value={stats.todayPnL} format={formatSignedMoney} />
      </Kpi>
    )
  }
  return (
    <Kpi
      label="Closed P&L"
      definition="Net result of all closed trades, after fees, funding and slippage, in USDT."
      value={stats.totalPnL}
      detail={<Parts items={[optional(formatSignedPercent, stats.totalPnLPercent), optional(formatR, stats.totalR), `${formatCount(stats.totalTrades)} closed`]} />}
    >
      <SignedNumber value={stats.totalPnL} format={formatSignedMoney} />
    </Kpi>
  )
}

/** @param {{ stats: Stats }} props */
function PerformanceKpis({ stats }) {
  const sample = <Sample trades={stats.totalTrades} />
  return (
    <>
      <Kpi
        label="Win rate"
        definition={`Share of closed trades that earned money after costs. Average win ${formatSignedMoney(stats.avgWin)}, average loss ${formatSignedMoney(stats.avgLoss)} USDT. Below ${ENOUGH_TRADES} trades it says little.`}
        value={stats.winRate}
        detail={sample}
      >
        {formatPercent(stats.winRate)}
      </Kpi>
      <Kpi
        label="Profit factor"
        definition={`Money won divided by money lost. Above 1 earns. Unknown while there is no loss. Below ${ENOUGH_TRADES} trades it says little.`}
        value={stats.profitFactor}
        detail={sample}
      >
        {formatRatio(stats.profitFactor)}
      </Kpi>
      <Kpi
        label="Sharpe"
        definition="Mean daily return divided by its standard deviation, a year of it. Needs at least two days."
        value={stats.sharpe}
        detail={<DailySample stats={stats} />}
      >
        {formatRatio(stats.sharpe)}
      </Kpi>
      <Kpi
        label="Sortino"
        definition="Like Sharpe, but only losing days count as risk. Needs at least two days."
        value={stats.sortino}
        detail={<DailySample stats={stats} />}
      >
        {formatRatio(stats.sortino)}
      </Kpi>
      <Kpi
        label="Max drawdown"
        definition="The deepest fall of equity from an earlier high, in percent of that high."
        value={stats.maxDrawdown}
        detail="from the highest equity"
      >
        {formatPercent(stats.maxDrawdown)}
      </Kpi>
    </>
  )
}

/** @param {{ trades: number }} props */
function Sample({ trades }) {
  return (
    <>
      n = {formatCount(trades)}
      {trades < ENOUGH_TRADES && <span className="text-warn"> · not enough trades</span>}
    </>
  )
}

/** @param {{ stats: Stats }} props */
function DailySample({ stats }) {
  return isKnown(stats.dailyReturns) ? <>n = {formatCount(stats.dailyReturns)} days</> : <Sample trades={stats.totalTrades} />
}

/**
 * Text for a figure that the server offers; null where it does not.
 * @param {(value: number | null) => string} format
 * @param {number | null | undefined} value
 */
function optional(format, value) {
  return value === undefined ? null : format(value)
}

/** @param {{ items: (string | null)[] }} props */
function Parts({ items }) {
  return items.filter(Boolean).join(' · ')
}

export function KpiRowSkeleton() {
  return (
    <div className="grid grid-cols-2 gap-px overflow-hidden rounded-xl border border-line bg-line md:grid-cols-4 xl:grid-cols-8">
      {Array.from({ length: 8 }, (_, index) => (
        <div key={index} className="bg-surface px-4 py-3">
          <div className="skeleton my-1 h-4 w-20" />
          <div className="skeleton my-1 h-5 w-28" />
          <div className="skeleton h-4 w-16" />
        </div>
      ))}
    </div>
  )
}
