import { formatCount, formatPercent, formatR, formatRatio, formatShortMoney, formatSignedPercent, formatSignedShortMoney, isKnown } from '../../format/numbers.js'
import { SignedNumber } from '../ui/SignedNumber.jsx'
import { Kpi } from './Kpi.jsx'

/** @import { Stats } from '../../api/types' */
/** @import { LiveAccount } from '../../contexts/liveStore.js' */

const ENOUGH_TRADES = 30
const GRID =
  'grid grid-cols-2 gap-px bg-line min-[30rem]:grid-cols-3 xl:grid-cols-[1.15fr_1.4fr_1.6fr_repeat(6,minmax(0,1fr))]'

/** @typedef {'account' | 'performance' | 'both'} KpiPart */

/**
 * Account and performance at a glance, or one of them. The server computed every figure.
 * @param {{ stats: Stats, account: LiveAccount | undefined, lastKnown: boolean, part: KpiPart }} props
 */
export function KpiRow({ stats, account, lastKnown, part }) {
  return (
    <div className={GRID}>
      {part !== 'performance' && <AccountKpis stats={stats} account={account} lastKnown={lastKnown} />}
      {part !== 'account' && <PerformanceKpis stats={stats} />}
    </div>
  )
}

/** @param {{ stats: Stats, account: LiveAccount | undefined, lastKnown: boolean }} props */
function AccountKpis({ stats, account, lastKnown }) {
  const equity = account?.equity ?? stats.equity
  return (
    <>
      <Kpi
        large
        label="Equity"
        definition="Wallet balance plus the unrealised result of open trades, in USDT."
        value={equity}
        detail={<>from {formatShortMoney(stats.initialBalance)}</>}
        lastKnown={lastKnown}
      >
        {formatShortMoney(equity)}
      </Kpi>
      <Kpi
        large
        label="Open P&L"
        definition="What all open trades would earn if closed at the current price, before exit costs, in USDT."
        value={account?.openPnL}
        detail={<Parts items={[formatSignedPercent(account?.openPnLPercent), formatR(account?.openR), `${formatCount(stats.activeTrades)} open`]} />}
        lastKnown={lastKnown}
      >
        <SignedNumber value={account?.openPnL} format={formatSignedShortMoney} />
      </Kpi>
      <TodayKpi stats={stats} lastKnown={lastKnown} />
    </>
  )
}

/** @param {{ stats: Stats, lastKnown: boolean }} props */
function TodayKpi({ stats, lastKnown }) {
  return (
    <Kpi
      large
      label="Today’s P&L"
      definition="Change of equity since 00:00 UTC of the market's day, open trades included, in USDT and percent; R counts the trades closed that day. “All” is the net result of every closed trade."
      value={stats.todayPnL}
      detail={<Parts items={[formatSignedPercent(stats.todayPnLPercent), formatR(stats.todayR), `all ${formatSignedShortMoney(stats.totalPnL)}`]} />}
      lastKnown={lastKnown}
    >
      <SignedNumber value={stats.todayPnL} format={formatSignedShortMoney} />
    </Kpi>
  )
}

/** @param {{ stats: Stats }} props */
function PerformanceKpis({ stats }) {
  const { totalTrades, dailyReturns } = stats
  const trades = { sample: `n = ${formatCount(totalTrades)} closed trades.`, detail: sampleWords(totalTrades) }
  const days = isKnown(dailyReturns) ? { ...trades, sample: `n = ${formatCount(dailyReturns)} daily returns.` } : trades
  return (
    <>
      <Kpi
        label="Win rate"
        definition={`Share of closed trades that earned money after costs. ${trades.sample}`}
        value={stats.winRate}
        detail={trades.detail}
      >
        {formatPercent(stats.winRate)}
      </Kpi>
      <Kpi
        label="Average win"
        definition={`What a winning trade earned on average after costs, in USDT; below it, what a losing one cost. ${trades.sample}`}
        value={stats.avgWin}
        detail={`loss ${formatSignedShortMoney(stats.avgLoss)}`}
      >
        <SignedNumber value={stats.avgWin} format={formatSignedShortMoney} />
      </Kpi>
      <Kpi
        label="Profit factor"
        definition={`Money won divided by money lost: above 1 earns. Unknown while there is no loss. ${trades.sample}`}
        value={stats.profitFactor}
        detail={trades.detail}
      >
        {formatRatio(stats.profitFactor)}
      </Kpi>
      <Kpi
        label="Sharpe"
        definition={`Mean daily return divided by its standard deviation, scaled to a year. Needs two days at least. ${days.sample}`}
        value={stats.sharpe}
        detail={days.detail}
      >
        {formatRatio(stats.sharpe)}
      </Kpi>
      <Kpi
        label="Sortino"
        definition={`Like Sharpe, but only falling days count as risk. Needs two days at least. ${days.sample}`}
        value={stats.sortino}
        detail={days.detail}
      >
        {formatRatio(stats.sortino)}
      </Kpi>
      <Kpi
        label="Max drawdown"
        definition="The deepest fall of equity below an earlier high, in percent of that high."
        value={stats.maxDrawdown}
        detail="below a high"
      >
        {formatPercent(stats.maxDrawdown)}
      </Kpi>
    </>
  )
}

/** What a statistic rests on: said plainly while it is too little. @param {number} trades */
function sampleWords(trades) {
  if (trades < ENOUGH_TRADES) return <span className="text-warn">not enough trades</span>
  return `n = ${formatCount(trades)}`
}

/** @param {{ items: (string | null)[] }} props */
function Parts({ items }) {
  const shown = items.filter(Boolean)
  return shown.map((item, index) => (
    <span key={index}>
      <span className="whitespace-nowrap">
        {item}
        {index < shown.length - 1 && ' ·'}
      </span>{' '}
    </span>
  ))
}

/** How many figures each part has, as it is drawn before they are known. */
const COUNTS = { account: 3, performance: 6, both: 9 }

/** @param {{ part: KpiPart }} props */
export function KpiRowSkeleton({ part }) {
  return (
    <div className={GRID}>
      {Array.from({ length: COUNTS[part] }, (_, index) => (
        <div key={index} className="bg-surface px-3 py-2.5 lg:px-4">
          <div className="skeleton mb-1 h-5 w-16" />
          <div className="skeleton mb-1 h-6 w-20" />
          <div className="skeleton h-4 w-12" />
        </div>
      ))}
    </div>
  )
}
