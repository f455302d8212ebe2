import { formatDate } from '../../../format/days.js'
import { formatCount } from '../../../format/numbers.js'
import { counted, spellOut } from '../../../format/words.js'
import { Table } from '../../ui/Table.jsx'
import { UtcTime } from '../../ui/UtcTime.jsx'
import { fieldWords, termWords } from '../words.js'

/** @import { BacktestReport, BacktestRequest, CandleGap } from '../../../api/backtestTypes' */

/** @type {Record<string, string>} */
const REFUSALS = {
  score_too_low: 'Too few confluence points',
  reward_too_small: 'Too little reward for the risk',
  stop_too_near: 'Stop too near the entry',
  no_room: 'No room: every position taken, or the symbol traded already',
  guards: 'A guard stopped entries: a loss limit, a cooldown, too much at risk',
  risk: 'Could not be sized within the risk',
}

/** Why setups were not taken. @param {{ refusals: Record<string, number> }} props */
export function Refusals({ refusals }) {
  const rows = Object.entries(refusals).toSorted(([, left], [, right]) => right - left)
  if (rows.length === 0) return <p className="p-4 text-sm text-muted">Every setup was taken.</p>
  return (
    <Table label="Refusals by reason" columns={[{ text: 'Reason' }, { text: 'Setups', number: true }]}>
      {rows.map(([reason, count]) => (
        <tr key={reason}>
          <th scope="row" className="whitespace-normal!">
            {REFUSALS[reason] ?? spellOut(reason)}
          </th>
          <td className="number">{formatCount(count)}</td>
        </tr>
      ))}
    </Table>
  )
}

/**
 * What the run was traded with and at which costs.
 * @param {{ request: BacktestRequest, report: BacktestReport }} props
 */
export function Assumptions({ request, report: { costs, settings } }) {
  const { initialBalance, riskPerTrade, maxPositions, seed } = request
  const parameters = settings?.parameters ?? request.parameters
  return (
    <div className="flex flex-col gap-4 p-4">
      <Terms title="Costs" terms={costs} />
      <Terms title="Account" terms={{ ...(settings?.account ?? { initialBalance, riskPerTrade, maxPositions }), seed }} />
      {settings && <Terms title="Guards" terms={Object.fromEntries(Object.entries(settings.guards).map(([name, value]) => [name, value === 0 ? 'off' : value]))} />}
      {settings && <Terms title="SMT" terms={{ comparedForSMT: settings.smtPairs.map((pair) => pair.join(' with ')) }} />}
      <details>
        <summary className="text-xs font-medium text-muted">Strategy parameters ({formatCount(Object.keys(parameters).length)})</summary>
        <Terms terms={parameters} />
      </details>
    </div>
  )
}

/** @param {{ title?: string, terms: Record<string, unknown> }} props */
function Terms({ title, terms }) {
  return (
    <div>
      {title && <h3 className="mb-1 text-xs font-medium text-muted">{title}</h3>}
      <dl className="figures text-[0.8125rem]">
        {Object.entries(terms).map(([name, value]) => (
          <div key={name} className="flex flex-wrap justify-between gap-x-4 border-b border-line py-1">
            <dt className="text-muted">{fieldWords(name)}</dt>
            <dd className="min-w-0 font-medium break-words">{termWords(name, value)}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

/**
 * What the candles lacked and what they could not tell.
 * @param {{ report: BacktestReport }} props
 */
export function DataQuality({ report }) {
  const { candles, gaps, ambiguous } = report
  return (
    <div className="flex flex-col gap-2 p-4 text-sm">
      <p>
        {counted(candles, 'candle')} were read; {gaps.length === 0 ? 'none are missing.' : `${counted(gaps.length, 'gap')} in them.`}
      </p>
      <p>
        {ambiguous === 0
          ? 'No trade ended in a candle that touched both stop and target.'
          : `${counted(ambiguous, 'trade')} ended in a candle that touched both stop and target; which came first is unknown, so the stop was assumed.`}
      </p>
      {gaps.length > 0 && <Gaps gaps={gaps} />}
    </div>
  )
}

/** @param {{ gaps: CandleGap[] }} props */
function Gaps({ gaps }) {
  return (
    <details>
      <summary className="text-xs text-muted">Show the gaps</summary>
      <div className="mt-2 max-h-72 overflow-y-auto">
        <Table label="Gaps" columns={[{ text: 'Symbol' }, { text: 'From (UTC)' }, { text: 'To (UTC)' }]}>
          {gaps.map(({ symbol, from, to }) => (
            <tr key={`${symbol} ${from}`}>
              <th scope="row">{symbol}</th>
              <td>
                {formatDate(from)} <UtcTime time={from} />
              </td>
              <td>
                <UtcTime time={to} />
              </td>
            </tr>
          ))}
        </Table>
      </div>
    </details>
  )
}
