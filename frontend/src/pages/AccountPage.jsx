import { useState } from 'react'

import { BalanceSheet } from '../components/account/BalanceSheet.jsx'
import { MovementTable } from '../components/account/MovementTable.jsx'
import { Pagination } from '../components/trades/Pagination.jsx'
import { Choice } from '../components/ui/Choice.jsx'
import { EmptyNotice } from '../components/ui/Notices.jsx'
import { Panel } from '../components/ui/Panel.jsx'
import { QueryContent } from '../components/ui/QueryContent.jsx'
import { useAccountPage } from '../hooks/useDashboardData.js'
import { PageHeader } from './backtests/PageHeader.jsx'

const SIZES = [25, 50, 100].map((size) => ({ value: size, text: String(size) }))

/** Where the money is from, and what moved it besides trades. */
export default function AccountPage() {
  const [page, setPage] = useState(1)
  const [limit, setLimit] = useState(25)
  const query = useAccountPage(page, limit)
  /** @param {number} size */
  const changeSize = (size) => {
    setLimit(size)
    setPage(1)
  }
  return (
    <div className="mx-auto flex max-w-3xl flex-col gap-4">
      <PageHeader title="Account" back={{ to: '/', text: 'Back to the dashboard' }} />
      <Panel title="Balance" note="USDT">
        <QueryContent what="The balance" query={query} skeleton={<div className="skeleton m-4 h-52" />}>
          {({ balance }) =>
            balance === null ? (
              <EmptyNotice title="No balance yet.">It is recorded with the first candle that is traded on.</EmptyNotice>
            ) : (
              <BalanceSheet balance={balance} />
            )
          }
        </QueryContent>
      </Panel>
      <Panel
        title="Deposits, withdrawals and funding"
        actions={<Choice label="Movements per page" name="movements-size" options={SIZES} value={limit} onChange={changeSize} />}
      >
        <QueryContent
          what="The movements"
          query={query}
          skeleton={<div className="skeleton m-4 h-80" />}
          isEmpty={({ total }) => total === 0}
          empty={{ title: 'No movements yet.', text: 'Deposits, withdrawals and funding of open positions appear here. None of the first two counts as a result.' }}
        >
          {({ movements, total, pages }) => (
            <>
              <MovementTable movements={movements} />
              <Pagination label="Movement pages" words="movements" page={page} pages={pages} total={total} onPage={setPage} />
            </>
          )}
        </QueryContent>
      </Panel>
    </div>
  )
}
