import { useState } from 'react'

import { Pagination } from '../../components/trades/Pagination.jsx'
import { TradeDetails } from '../../components/trades/TradeDetails.jsx'
import { TradeHistoryCards, TradeHistoryTable } from '../../components/trades/TradeHistory.jsx'
import { Choice } from '../../components/ui/Choice.jsx'
import { Drawer } from '../../components/ui/Drawer.jsx'
import { Panel } from '../../components/ui/Panel.jsx'
import { QueryContent } from '../../components/ui/QueryContent.jsx'
import { useTradePage } from '../../hooks/useDashboardData.js'
import { useWideScreen } from '../../hooks/useMediaQuery.js'

/** @import { Trade } from '../../api/types' */

const SIZES = [25, 50, 100].map((size) => ({ value: size, text: String(size) }))

export function HistorySection() {
  const [page, setPage] = useState(1)
  const [limit, setLimit] = useState(25)
  const [opened, setOpened] = useState(/** @type {Trade | null} */ (null))
  const wide = useWideScreen()
  const Trades = wide ? TradeHistoryTable : TradeHistoryCards
  /** @param {number} size */
  const changeSize = (size) => {
    setLimit(size)
    setPage(1)
  }
  return (
    <Panel id="history" className="self-start" title="Trade history" actions={<Choice label="Trades per page" name="history-size" options={SIZES} value={limit} onChange={changeSize} />}>
      <QueryContent
        what="The trade history"
        query={useTradePage(page, limit)}
        skeleton={<div className="skeleton m-4 h-96" />}
        isEmpty={({ total }) => total === 0}
        empty={{ title: 'No closed trades yet.', text: 'A trade appears here when it reaches its stop or its target.' }}
      >
        {({ trades, total, pages }) => (
          <>
            <Trades trades={trades} onOpen={setOpened} />
            <Pagination page={page} pages={pages} total={total} onPage={setPage} />
          </>
        )}
      </QueryContent>
      {opened && (
        <Drawer title={`${opened.symbol} trade`} onClose={() => setOpened(null)}>
          <TradeDetails trade={opened} />
        </Drawer>
      )}
    </Panel>
  )
}
