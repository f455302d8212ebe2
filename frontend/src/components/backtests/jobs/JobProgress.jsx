import { formatCount } from '../../../format/numbers.js'
import { formatDuration } from '../../../format/times.js'
import { spellOut } from '../../../format/words.js'
import { requestTitle } from '../words.js'

/** @import { BacktestJob, BacktestProgress } from '../../../api/backtestTypes' */

const STEP_PERCENT = 10

/** What a stage counts; of the rest nobody needs the count. @type {Record<string, string>} */
const UNITS = { loading: 'symbols', strategy: 'candles', account: 'setups', examination: 'runs', walk_forward: 'trials', search: 'trials', ablation: 'runs' }

/**
 * How far a run is, spoken every tenth of the way.
 * @param {{ job: BacktestJob }} props
 */
export function JobProgress({ job }) {
  const { progress, status, request } = job
  if (status === 'queued' || progress === null) {
    return <p className="text-sm text-muted">{status === 'queued' ? 'Waits for its turn.' : 'Starting…'}</p>
  }
  const tenths = progress.total > 0 ? Math.floor((progress.done / progress.total) * STEP_PERCENT) : 0
  return (
    <div className="flex flex-col gap-1">
      <progress
        aria-label={`Progress of ${requestTitle(request)}`}
        className="h-2 w-full appearance-none overflow-hidden rounded-sm bg-raised [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-raised [&::-webkit-progress-value]:bg-accent"
        value={progress.done}
        max={Math.max(progress.total, 1)}
      />
      <p className="figures text-xs text-muted">{progressWords(progress)}</p>
      <p role="status" className="sr-only">
        {spellOut(progress.stage)}, {tenths * STEP_PERCENT} percent
      </p>
    </div>
  )
}

/** @param {BacktestProgress} progress */
function progressWords({ stage, done, total, barsPerSecond, etaSeconds }) {
  return [
    spellOut(stage),
    stage in UNITS ? `${formatCount(done)} of ${formatCount(total)} ${UNITS[stage]}` : null,
    barsPerSecond === null ? null : `${formatCount(barsPerSecond)} bars/s`,
    etaSeconds === null ? null : `${formatDuration(etaSeconds * 1000)} left`,
  ]
    .filter(Boolean)
    .join(' · ')
}
