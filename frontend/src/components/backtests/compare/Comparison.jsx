import { lazy, Suspense, useId } from 'react'
import { Link } from 'react-router'

import { formatPeriod } from '../../../format/days.js'
import { formatCount, formatMoney } from '../../../format/numbers.js'
import { SignedNumber } from '../../ui/SignedNumber.jsx'
import { Panel } from '../../ui/Panel.jsx'
import { Table } from '../../ui/Table.jsx'
import { figureWords, SIGNED } from '../report/figureWords.js'
import { requestPeriod, requestTitle, verdictSentence } from '../words.js'
import { CURVES } from './curves.js'
import { differencesOf } from './differences.js'

/** @import { BacktestJob, BacktestReport, BacktestRequest } from '../../../api/backtestTypes' */

const EquityCurves = lazy(() => import('./EquityCurves.jsx'))

/** @typedef {{ job: BacktestJob, report: BacktestReport }} Run */

/** @param {{ runs: Run[] }} props */
export function Comparison({ runs }) {
  return (
    <div className="flex flex-col gap-4">
      <Verdicts runs={runs} />
      <OtherCandles runs={runs} />
      <Panel title="Equity" note="USDT, times in UTC">
        <Curves runs={runs} />
      </Panel>
      <div className={`grid items-start gap-4 ${runs.length === 2 ? 'xl:grid-cols-2' : ''}`}>
        <Panel title="What was different">
          <ParameterTable runs={runs} />
        </Panel>
        <Panel title="Figures" note="each with its n">
          <FigureTable runs={runs} />
        </Panel>
      </div>
    </div>
  )
}

/** @param {{ runs: Run[] }} props */
function Verdicts({ runs }) {
  return (
    <ol className="grid gap-3 sm:grid-cols-2 xl:grid-cols-4">
      {runs.map(({ job, report }, index) => (
        <li key={job.id} className="flex flex-col gap-1 rounded-xl border border-line bg-surface px-4 py-3">
          <span className="flex items-center gap-2">
            <Sample index={index} />
            <Link to={`/backtests/${job.id}`} className="inline-flex min-h-6 items-center font-semibold text-accent underline pointer-coarse:min-h-11">
              {runName(job)}
            </Link>
          </span>
          <span className="text-xs text-muted">
            {requestTitle(job.request)}, {requestPeriod(job.request)}
          </span>
          <span className="text-sm">{verdictSentence(report.verdict)}</span>
          {report.outside && <span className="text-xs text-muted">Curve and figures are those of its run without a search.</span>}
        </li>
      ))}
    </ol>
  )
}

/** @param {BacktestJob} job */
const runName = ({ id }) => `Run ${id}`

/** The line of a run as the chart draws it. @param {{ index: number }} props */
function Sample({ index }) {
  const { stroke, dash } = CURVES[index % CURVES.length] ?? { stroke: 'var(--ink)', dash: '' }
  return (
    <svg viewBox="0 0 28 6" aria-hidden="true" className="h-1.5 w-7 shrink-0">
      <line x1={0} x2={28} y1={3} y2={3} stroke={stroke} strokeDasharray={dash} strokeWidth={2.5} />
    </svg>
  )
}

/** @param {{ runs: Run[] }} props */
function Curves({ runs }) {
  const captionId = useId()
  const curves = runs.map(({ report }) => report.equity.points.map(({ time, equity }) => ({ time: Date.parse(time), equity })))
  return (
    <figure aria-labelledby={captionId} className="px-1 pt-2 pb-3">
      <div role="img" aria-label="Equity of the compared runs" aria-describedby={captionId} className="figures h-72">
        <Suspense fallback={<div className="skeleton mx-3 h-68" />}>
          <EquityCurves curves={curves} />
        </Suspense>
      </div>
      <figcaption id={captionId} className="figures flex flex-wrap gap-x-5 gap-y-1 px-3 pt-2 text-xs text-muted">
        {runs.map(({ job, report }, index) => (
          <span key={job.id} className="inline-flex items-center gap-2">
            <Sample index={index} />
            {runName(job)} ends at {formatMoney(report.equity.points.at(-1)?.equity)} USDT
          </span>
        ))}
      </figcaption>
    </figure>
  )
}

/** @param {{ runs: Run[] }} props */
function FigureTable({ runs }) {
  const names = [...new Set(runs.flatMap(({ report }) => Object.keys(report.figures)))]
  return (
    <Table pinned label="Compared figures" columns={[{ text: 'Figure' }, ...runs.map(({ job }) => ({ text: runName(job), number: true }))]}>
      {names.map((name) => {
        const { label, format } = figureWords(name)
        return (
          <tr key={name}>
            <th scope="row">{label}</th>
            {runs.map(({ job, report }) => {
              const figure = report.figures[name]
              return (
                <td key={job.id} className="number">
                  {SIGNED.has(name) ? <SignedNumber value={figure?.value} format={format} /> : format(figure?.value)}
                  <span className="block text-2xs text-faint sm:ml-2 sm:inline-block sm:min-w-12">n = {formatCount(figure?.n)}</span>
                </td>
              )
            })}
          </tr>
        )
      })}
    </Table>
  )
}

/** The request with the parameters that made the report: a search chose others. @param {Run} run @returns {BacktestRequest} */
function tradedWith({ job: { request }, report: { settings } }) {
  return settings ? { ...request, parameters: settings.parameters } : request
}

/** Figures of other days or symbols cannot be held against each other. @param {{ runs: Run[] }} props */
function OtherCandles({ runs }) {
  const ground = runs.map(({ job: { request }, report: { from, to } }) => [request.market, request.timeframe, request.symbols.toSorted().join(' '), from, to].join(' '))
  if (new Set(ground).size === 1) return null
  return <p className="rounded-md border border-warn/50 px-3 py-2 text-sm">These runs did not trade the same candles ({runs.map(({ job, report: { from, to } }) => `${runName(job)}: ${formatPeriod(from, to)}`).join('; ')}). Part of their difference is the market’s.</p>
}

/** @param {{ runs: Run[] }} props */
function ParameterTable({ runs }) {
  const { differences, same } = differencesOf(runs.map(tradedWith))
  return (
    <>
      {differences.length > 0 && (
        <Table pinned label="Different settings" columns={[{ text: 'Setting' }, ...runs.map(({ job }) => ({ text: runName(job), number: true }))]}>
          {differences.map(({ name, values }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {values.map((value, index) => (
                <td key={runs[index]?.job.id} className="number">
                  {value}
                </td>
              ))}
            </tr>
          ))}
        </Table>
      )}
      <p className="border-t border-line px-4 py-3 text-xs text-muted first:border-0">
        {differences.length === 0 ? 'Nothing: the runs were traded with the same settings.' : `${formatCount(same)} other settings are the same in all.`}
      </p>
    </>
  )
}
