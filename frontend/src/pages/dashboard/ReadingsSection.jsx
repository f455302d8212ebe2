import { MarketReadings } from '../../components/signals/MarketReadings.jsx'
import { EmptyNotice } from '../../components/ui/Notices.jsx'
import { Panel } from '../../components/ui/Panel.jsx'
import { useHealth, useMonitor } from '../../hooks/useDashboardData.js'

/** @import { Monitor } from '../../api/types' */

export function ReadingsSection() {
  const monitor = useMonitor()
  const { data, isPlaceholderData, isPending } = useHealth()
  const waiting = isPending || (data !== undefined && isPlaceholderData)
  return (
    <Panel title="Why nothing now?">
      {monitor !== null && <MonitorWord monitor={monitor} />}
      {monitor === null && waiting && <div className="skeleton m-4 h-44" />}
      {monitor === null && !waiting && (
        <EmptyNotice title="The monitor has not reported yet.">It does as soon as it has started; nothing is traded before.</EmptyNotice>
      )}
      {monitor !== null && monitor.symbols.length === 0 && (
        <EmptyNotice title="No readings yet.">Each symbol has one once its candles are read.</EmptyNotice>
      )}
      {monitor !== null && monitor.symbols.length > 0 && <MarketReadings symbols={monitor.symbols} />}
    </Panel>
  )
}

/**
 * What keeps the monitor itself from trading, in its own words; nothing when it trades.
 * @param {{ monitor: Monitor }} props
 */
function MonitorWord({ monitor: { state, detail, entriesPaused } }) {
  const words = [state === 'running' ? null : detail, entriesPaused && pauseWords(entriesPaused)].filter(Boolean)
  if (words.length === 0) return null
  return <p className="border-b border-line px-4 py-3 font-medium text-warn">{words.join(' ')}</p>
}

/** @param {string} cause a sentence, or the end of one */
function pauseWords(cause) {
  return cause.startsWith('New entries') ? cause : `New entries are paused: ${cause}`
}
