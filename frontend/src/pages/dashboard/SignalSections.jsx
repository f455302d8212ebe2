import { useState } from 'react'

import { RecentSignals } from '../../components/signals/RecentSignals.jsx'
import { SignalDetails } from '../../components/signals/SignalDetails.jsx'
import { SignalDistribution } from '../../components/signals/SignalDistribution.jsx'
import { Drawer } from '../../components/ui/Drawer.jsx'
import { Panel } from '../../components/ui/Panel.jsx'
import { QueryContent } from '../../components/ui/QueryContent.jsx'
import { formatCount } from '../../format/numbers.js'
import { useSignals } from '../../hooks/useDashboardData.js'

/** @import { Signal } from '../../api/types' */

export function DistributionSection() {
  const query = useSignals()
  return (
    <Panel id="signals" title="Signal distribution" note={query.data && `${formatCount(query.data.total)} signals`}>
      <QueryContent
        what="The signal distribution"
        query={query}
        skeleton={<div className="skeleton m-4 h-64" />}
        isEmpty={({ total }) => total === 0}
        empty={{ title: 'No signals yet.', text: 'Every setup is counted here, taken or refused.' }}
      >
        {(summary) => <SignalDistribution summary={summary} />}
      </QueryContent>
    </Panel>
  )
}

export function RecentSignalsSection() {
  const [opened, setOpened] = useState(/** @type {Signal | null} */ (null))
  return (
    <Panel title="Recent signals">
      <QueryContent
        what="The recent signals"
        query={useSignals()}
        skeleton={<div className="skeleton m-4 h-80" />}
        isEmpty={({ recent }) => recent.length === 0}
        empty={{ title: 'No signals yet.', text: 'Refused setups are listed too, with the reasons.' }}
      >
        {({ recent }) => <RecentSignals signals={recent} onOpen={setOpened} />}
      </QueryContent>
      {opened && (
        <Drawer title={`${opened.symbol} signal`} onClose={() => setOpened(null)}>
          <SignalDetails signal={opened} />
        </Drawer>
      )}
    </Panel>
  )
}
