import { useState } from 'react'
import { Navigate, useParams } from 'react-router'

import { errorSentence } from '../api/errors.js'
import { JobProgress } from '../components/backtests/jobs/JobProgress.jsx'
import { Downloads } from '../components/backtests/report/Downloads.jsx'
import { Report } from '../components/backtests/report/Report.jsx'
import { kindWords } from '../components/backtests/kinds.js'
import { candlesOf, endSentence, requestPeriod, requestTitle, STATUSES } from '../components/backtests/words.js'
import { Badge } from '../components/ui/Badge.jsx'
import { Button } from '../components/ui/Button.jsx'
import { Panel } from '../components/ui/Panel.jsx'
import { QueryContent } from '../components/ui/QueryContent.jsx'
import { isUnderWay, useBacktest, useBacktestActions, useBacktestReport } from '../hooks/useBacktests.js'
import { PageHeader } from './backtests/PageHeader.jsx'

/** @import { BacktestJob } from '../api/backtestTypes' */

const BACK = { to: '/backtests', text: 'All backtests' }

export default function BacktestPage() {
  const { id = '' } = useParams()
  return /^\d+$/.test(id) ? <Run key={id} id={id} /> : <Navigate to="/backtests" replace />
}

/** @param {{ id: string }} props */
function Run({ id }) {
  const query = useBacktest(id)
  const job = query.data?.job
  return (
    <div className="flex flex-col gap-4">
      <PageHeader title={job ? requestTitle(job.request) : `Backtest ${id}`} back={BACK} actions={job?.status === 'finished' && <Downloads id={id} />}>
        {job && (
          <>
            <Badge tone={STATUSES[job.status].tone}>{STATUSES[job.status].word}</Badge> Run {job.id}: {kindWords(job.request)}, on {candlesOf(job.request.market)}, {requestPeriod(job.request)}, asked for by {job.requestedBy}
          </>
        )}
      </PageHeader>
      <QueryContent what="The backtest" query={query} skeleton={<div className="skeleton h-dvh" />}>
        {({ job }) => (job.status === 'finished' ? <FinishedRun job={job} /> : <UnfinishedRun job={job} />)}
      </QueryContent>
    </div>
  )
}

/** @param {{ job: BacktestJob }} props */
function FinishedRun({ job }) {
  return (
    <QueryContent what="The report" query={useBacktestReport(String(job.id))} skeleton={<div className="skeleton h-dvh" />}>
      {(report) => <Report job={job} report={report} />}
    </QueryContent>
  )
}

/** @param {{ job: BacktestJob }} props */
function UnfinishedRun({ job }) {
  const { cancel } = useBacktestActions()
  const [failure, setFailure] = useState('')
  const underWay = isUnderWay(job.status)
  return (
    <Panel title={underWay ? 'Under way' : 'No report'} note={underWay && 'It goes on when you leave this page.'}>
      <div className="flex flex-col gap-3 p-4">
        {underWay ? <JobProgress job={job} /> : <p className="text-sm break-words">{endSentence(job)}</p>}
        {underWay && (
          <Button className="self-start" onClick={() => void cancel(job).catch((error) => setFailure(errorSentence(error)))}>
            Cancel
          </Button>
        )}
        <p role="alert" className="text-sm text-danger empty:hidden">
          {failure}
        </p>
      </div>
    </Panel>
  )
}
