import { MarketReadings } from '../../components/signals/MarketReadings.jsx'
import { EmptyNotice } from '../../components/ui/Notices.jsx'
import { Panel } from '../../components/ui/Panel.jsx'
import { useHealth, useMonitor } from '../../hooks/useDashboardData.js'

export function ReadingsSection() {
  const monitor = useMonitor()
  const { data, isPlaceholderData, isPending } = useHealth()
  const waiting = isPending || (data !== undefined && isPlaceholderData)
  return (
    <Panel title="Why nothing now?">
      {monitor === null && waiting && <div className="skeleton m-4 h-44" />}
      {monitor === null && !waiting && (
        <EmptyNotice title="The monitor has not reported yet.">It does as soon as it has started; nothing is traded before.</EmptyNotice>
      )}
      {monitor !== null && monitor.symbols.length === 0 && <EmptyNotice title="No readings yet.">{monitor.detail}</EmptyNotice>}
      {monitor !== null && monitor.symbols.length > 0 && <MarketReadings symbols={monitor.symbols} />}
    </Panel>
  )
}
