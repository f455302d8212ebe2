import { Trash2 } from 'lucide-react'
import { Link } from 'react-router'

import { formatCount, formatR, formatRatio, formatShare } from '../../../format/numbers.js'
import { isUnderWay } from '../../../hooks/useBacktests.js'
import { Badge } from '../../ui/Badge.jsx'
import { Button } from '../../ui/Button.jsx'
import { SignedNumber } from '../../ui/SignedNumber.jsx'
import { UtcTime } from '../../ui/UtcTime.jsx'
import { unusualTerms } from '../compare/differences.js'
import { kindWords } from '../kinds.js'
import { endSentence, requestPeriod, requestTitle, STATUSES, verdictSentence } from '../words.js'
import { JobProgress } from './JobProgress.jsx'

/** @import { BacktestJob, BacktestOptions } from '../../../api/backtestTypes' */

/**
 * @typedef {object} JobActions
 * @property {(job: BacktestJob) => void} onCancel
 * @property {(job: BacktestJob) => void} onDelete
 * @property {(job: BacktestJob) => void} onCompare adds it to the runs to compare, or takes it away
 */

/**
 * @param {{ jobs: BacktestJob[], options: BacktestOptions | undefined, compared: number[], full: boolean } & JobActions} props `full`: no more runs can be compared
 */
export function JobList({ jobs, options, compared, full, ...actions }) {
  return (
    <ul aria-label="Backtests" className="divide-y divide-line">
      {jobs.map((job) => (
        <li key={job.id}>
          <JobRow job={job} unusual={options ? unusualTerms(job.request, options) : []} compared={compared.includes(job.id)} full={full} {...actions} />
        </li>
      ))}
    </ul>
  )
}

/** @param {{ job: BacktestJob, unusual: string[], compared: boolean, full: boolean } & JobActions} props */
function JobRow({ job, unusual, compared, full, onCancel, onDelete, onCompare }) {
  const { word, tone } = STATUSES[job.status]
  const name = `backtest ${job.id}, ${requestTitle(job.request)}`
  const underWay = isUnderWay(job.status)
  return (
    <article aria-label={name} className="flex flex-col gap-2 px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Link to={`/backtests/${job.id}`} className="inline-flex min-h-6 min-w-0 items-center font-semibold break-words text-accent underline pointer-coarse:min-h-11">
          {requestTitle(job.request)}
        </Link>
        <span className="text-xs text-muted">Run {job.id}</span>
        <Badge tone={tone}>{word}</Badge>
        <span className="figures ml-auto text-xs text-muted">
          {kindWords(job.request)} · {requestPeriod(job.request)} · asked for <UtcTime time={job.createdAt} zone />
        </span>
      </div>
      <p className="text-xs text-muted empty:hidden">{unusual.join(' · ')}</p>
      {underWay && <JobProgress job={job} />}
      <p className="text-sm empty:hidden">{job.verdict ? verdictSentence(job.verdict) : endSentence(job)}</p>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        {job.headline && <Headline headline={job.headline} />}
        <span className="ml-auto flex items-center gap-2">
          {job.status === 'finished' && (
            <label className="flex min-h-8 items-center gap-2 text-xs text-muted has-disabled:opacity-50 pointer-coarse:min-h-11">
              <input type="checkbox" aria-label={`Compare ${name}`} className="size-4 accent-accent" checked={compared} disabled={full && !compared} onChange={() => onCompare(job)} />
              Compare
            </label>
          )}
          {underWay && (
            <Button aria-label={`Cancel ${name}`} onClick={() => onCancel(job)}>
              Cancel
            </Button>
          )}
          {job.status !== 'running' && (
            <Button look="quiet" aria-label={`Delete ${name}`} title="Delete" onClick={() => onDelete(job)}>
              <Trash2 aria-hidden="true" className="size-4" />
            </Button>
          )}
        </span>
      </div>
    </article>
  )
}

/** @param {{ headline: NonNullable<BacktestJob['headline']> }} props */
function Headline({ headline }) {
  const { netR, trades, sharpe, maxDrawdown } = headline
  return (
    <dl className="figures flex flex-wrap gap-x-4 text-xs">
      {[
        { term: 'Net', shown: <SignedNumber value={netR} format={formatR} /> },
        { term: 'Trades', shown: formatCount(trades) },
        { term: 'Sharpe', shown: formatRatio(sharpe) },
        { term: 'Max drawdown', shown: formatShare(maxDrawdown) },
      ].map(({ term, shown }) => (
        <div key={term} className="flex gap-1.5">
          <dt className="text-muted">{term}</dt>
          <dd className="font-medium">{shown}</dd>
        </div>
      ))}
    </dl>
  )
}
