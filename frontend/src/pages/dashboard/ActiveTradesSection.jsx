import { useState } from 'react'

import { RiskLimits } from '../../components/controls/RiskLimits.jsx'
import { ActiveTradeCards, ActiveTradeTable, FrozenTrades } from '../../components/trades/ActiveTrades.jsx'
import { CloseButton } from '../../components/trades/CloseButton.jsx'
import { MoveForm } from '../../components/trades/MoveForm.jsx'
import { TradeDetails } from '../../components/trades/TradeDetails.jsx'
import { Drawer } from '../../components/ui/Drawer.jsx'
import { EmptyNotice } from '../../components/ui/Notices.jsx'
import { Panel } from '../../components/ui/Panel.jsx'
import { QueryContent } from '../../components/ui/QueryContent.jsx'
import { useLive } from '../../contexts/LiveContext.jsx'
import { nextKillZone } from '../../format/killZones.js'
import { formatMoney, formatPercent, isKnown } from '../../format/numbers.js'
import { formatAge, formatMinuteOfDayUtc } from '../../format/times.js'
import { killZoneWords } from '../../format/words.js'
import { useCommand } from '../../hooks/useCommand.js'
import { useActiveTrades, useMonitor, useStats } from '../../hooks/useDashboardData.js'
import { useWideScreen } from '../../hooks/useMediaQuery.js'
import { useNow } from '../../hooks/useNow.js'

/** @import { CommandWish, Trade } from '../../api/types' */
/** @import { Freshness } from '../../contexts/freshness.js' */

export function ActiveTradesSection() {
  const wide = useWideScreen()
  const freshness = useLive('freshness')
  const lastKnown = freshness?.level === 'stale'
  const query = useActiveTrades()
  const command = useCommand()
  const close = (/** @type {Trade} */ trade) => command({ type: 'close_trade', signalId: trade.signalId })
  const [opened, setOpened] = useState(/** @type {Trade | null} */ (null))
  const Trades = wide ? ActiveTradeTable : ActiveTradeCards
  return (
    <Panel id="active-trades" title="Active trades" note={<TableNote freshness={freshness} open={(query.data?.trades ?? []).length > 0} />}>
      <Limits />
      <QueryContent what="The active trades" query={query} skeleton={<div className="skeleton m-4 h-32" />}>
        {({ trades, frozen }) => (
          <>
            {trades.length === 0 ? (
              <NoTrades />
            ) : (
              // As high as three rows, so that a trade that opens or closes moves nothing below.
              <div className={`xl:min-h-40 ${lastKnown ? 'last-known' : ''}`}>
                <Trades trades={trades} onClose={close} onOpen={setOpened} />
              </div>
            )}
            <FrozenTrades trades={frozen} />
          </>
        )}
      </QueryContent>
      {opened && <OpenTradeDrawer opened={opened} trades={query.data?.trades ?? []} onCloseTrade={close} onMove={command} onClose={() => setOpened(null)} />}
    </Panel>
  )
}

/**
 * The trade as it stands now; once it is closed, as it stood last.
 * @param {{ opened: Trade, trades: Trade[], onCloseTrade: (trade: Trade) => Promise<string>, onMove: (wish: CommandWish) => Promise<string>, onClose: () => void }} props
 */
function OpenTradeDrawer({ opened, trades, onCloseTrade, onMove, onClose }) {
  const trade = trades.find(({ id }) => id === opened.id)
  return (
    <Drawer title={`${opened.symbol} trade`} onClose={onClose}>
      <TradeDetails trade={trade ?? opened}>
        {trade ? (
          <>
            <div className="flex flex-wrap gap-2">
              <CloseButton trade={trade} onClose={onCloseTrade} />
            </div>
            <MoveForm trade={trade} onMove={onMove} />
          </>
        ) : (
          <p role="status" className="font-medium text-warn">
            This trade has closed since; its result stands in the trade history.
          </p>
        )}
      </TradeDetails>
    </Drawer>
  )
}

/** @param {{ freshness: Freshness | undefined, open: boolean }} props */
function TableNote({ freshness, open }) {
  return (
    <span className="flex flex-wrap gap-x-3">
      <PriceAge freshness={freshness} />
      <AtRisk open={open} />
    </span>
  )
}

/** The risk that is taken and the way to the stop of entries, before any single trade. */
function Limits() {
  const monitor = useMonitor()
  return monitor && <RiskLimits openRisk={monitor.openRisk} guards={monitor.guards ?? []} />
}

function NoTrades() {
  const next = nextKillZone(useNow())
  return (
    <EmptyNotice title="No open trades." className="min-h-40">
      The monitor opens one when a setup passes every rule; “Why nothing now?” says what each symbol waits for. Next kill zone:{' '}
      {killZoneWords(next.name)}, {formatMinuteOfDayUtc(next.opensAt)} UTC.
    </EmptyNotice>
  )
}

/** What all stops together would cost, as the server adds it up. @param {{ open: boolean }} props */
function AtRisk({ open }) {
  const stats = useStats().data
  if (!open || !isKnown(stats?.openRisk)) return null
  return (
    <span className="figures">
      {formatMoney(stats.openRisk)} USDT at risk down to the stops, {formatPercent(stats.openRiskPercent)} of equity
    </span>
  )
}

/** @param {{ freshness: Freshness | undefined }} props */
function PriceAge({ freshness }) {
  if (!freshness || freshness.ageSeconds === null || freshness.level === 'fresh') return null
  const age = formatAge(freshness.ageSeconds * 1000)
  return <span className="figures text-warn">{freshness.level === 'stale' ? `last known, ${age} old` : `prices ${age} old`}</span>
}
