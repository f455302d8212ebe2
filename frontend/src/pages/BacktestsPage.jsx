import { useState } from 'react'
import { Link, useNavigate } from 'react-router'

import { MOST_JOBS } from '../api/backtestEndpoints.js'
import { errorSentence } from '../api/errors.js'
import { BacktestForm } from '../components/backtests/form/BacktestForm.jsx'
import { JobList } from '../components/backtests/jobs/JobList.jsx'
import { requestTitle } from '../components/backtests/words.js'
import { Button } from '../components/ui/Button.jsx'
import { ConfirmDialog } from '../components/ui/ConfirmDialog.jsx'
import { Panel } from '../components/ui/Panel.jsx'
import { QueryContent } from '../components/ui/QueryContent.jsx'
import { useBacktestActions, useBacktestOptions, useBacktests, useOlderBacktests } from '../hooks/useBacktests.js'
import { PageHeader } from './backtests/PageHeader.jsx'

/** @import { ReactNode } from 'react' */
/** @import { BacktestJob } from '../api/backtestTypes' */

const MOST_COMPARED = 4

export default function BacktestsPage() {
  return (
    <div className="flex flex-col gap-4">
      <PageHeader title="Backtests" back={{ to: '/', text: 'Back to the dashboard' }}>
        The same engine as in live trading, on stored candles. A good past is no promise.
      </PageHeader>
      <div className="grid items-start gap-4 xl:grid-cols-[26rem_minmax(0,1fr)]">
        <NewBacktest />
        <Jobs />
      </div>
    </div>
  )
}

function NewBacktest() {
  const query = useBacktestOptions()
  const { start } = useBacktestActions()
  const navigate = useNavigate()
  return (
    <Panel title="New backtest">
      <QueryContent what="The form" query={query} skeleton={<div className="skeleton m-4 h-[46rem]" />}>
        {(options) => (
          <BacktestForm
            options={options}
            onStart={async (request) => {
              const job = await start(request)
              await navigate(`/backtests/${job.id}`)
            }}
          />
        )}
      </QueryContent>
    </Panel>
  )
}

function Jobs() {
  const runs = useBacktests()
  const options = useBacktestOptions()
  // What a run differs in from the usual is known with the options: together, so that no row grows later.
  const query = options.isPending ? { ...runs, data: undefined } : runs
  const { cancel, remove } = useBacktestActions()
  const [compared, setCompared] = useState(/** @type {number[]} */ ([]))
  const [leaving, setLeaving] = useState(/** @type {BacktestJob | null} */ (null))
  const [failure, setFailure] = useState('')

  /** @param {BacktestJob} job */
  const toggle = ({ id }) => setCompared(compared.includes(id) ? compared.filter((other) => other !== id) : [...compared, id])

  /** @param {() => Promise<void>} action */
  async function run(action) {
    setFailure('')
    await action().catch((error) => setFailure(errorSentence(error)))
  }

  return (
    <Panel title="Runs" note="newest first" actions={<CompareLink compared={compared} />}>
      <p role="alert" className="px-4 pt-3 text-sm text-danger empty:hidden">
        {failure}
      </p>
      <QueryContent
        what="The list of backtests"
        query={query}
        skeleton={<div className="skeleton m-4 h-72" />}
        isEmpty={({ jobs }) => jobs.length === 0}
        empty={{ title: 'No backtest yet.', text: 'Runs stay here with their reports until you delete them.' }}
      >
        {({ jobs }) => (
          <JobPages newest={jobs}>
            {(shown) => <JobList jobs={shown} options={options.data} compared={compared} full={compared.length >= MOST_COMPARED} onCompare={toggle} onCancel={(job) => void run(() => cancel(job))} onDelete={setLeaving} />}
          </JobPages>
        )}
      </QueryContent>
      {leaving && (
        <DeleteDialog
          job={leaving}
          onDelete={async () => {
            await remove(leaving)
            setCompared(compared.filter((id) => id !== leaving.id))
          }}
          onClose={() => setLeaving(null)}
        />
      )}
    </Panel>
  )
}

/**
 * The newest runs, and older ones on demand.
 * @param {{ newest: BacktestJob[], children: (shown: BacktestJob[]) => ReactNode }} props
 */
function JobPages({ newest, children }) {
  const [wanted, setWanted] = useState(false)
  const mayBeMore = newest.length >= MOST_JOBS
  const older = useOlderBacktests(newest.at(-1)?.id, wanted && mayBeMore)
  const pages = mayBeMore ? (older.data?.pages ?? []) : []
  const more = mayBeMore && (!wanted || older.hasNextPage || older.isFetching || older.isError)
  return (
    <>
      {children([...newest, ...pages.flatMap(({ jobs }) => jobs)])}
      <p role="alert" className="px-4 pt-3 text-sm text-danger empty:hidden">
        {older.error && errorSentence(older.error)}
      </p>
      {more && (
        <div className="border-t border-line p-4">
          <Button
            disabled={older.isFetching}
            onClick={() => {
              if (!wanted) setWanted(true)
              else if (older.data) void older.fetchNextPage()
              else void older.refetch()
            }}
          >
            {older.isFetching ? 'Reading…' : 'Show older runs'}
          </Button>
        </div>
      )}
    </>
  )
}

/** @param {{ compared: number[] }} props */
function CompareLink({ compared }) {
  if (compared.length < 2) return <span className="text-xs text-muted">Mark 2 to {MOST_COMPARED} finished runs to compare them.</span>
  return (
    <Link
      to={`/backtests/compare?runs=${compared.join(',')}`}
      className="inline-flex min-h-8 items-center rounded-md bg-accent px-3 text-sm font-semibold text-on-accent hover:opacity-90 pointer-coarse:min-h-11"
    >
      Compare {compared.length} runs
    </Link>
  )
}

/** @param {{ job: BacktestJob, onDelete: () => Promise<void>, onClose: () => void }} props */
function DeleteDialog({ job, onDelete, onClose }) {
  const confirm = async () => {
    try {
      await onDelete()
      return 'Deleted.'
    } catch (error) {
      return errorSentence(error)
    }
  }
  return (
    <ConfirmDialog title={`Delete run ${job.id}, ${requestTitle(job.request)}?`} action="Delete" waiting="Deleting…" danger onConfirm={confirm} onClose={onClose}>
      <p>The run and its report are removed. The candles stay, and so does the entry in the ledger of trials.</p>
    </ConfirmDialog>
  )
}
