import { formatBareR, formatCount, formatRatio, formatShare, isKnown, UNKNOWN } from '../../../format/numbers.js'
import { counted, spellOut } from '../../../format/words.js'
import { Table } from '../../ui/Table.jsx'

/** @import { Baseline, Examination, Interval } from '../../../api/backtestTypes' */

const COLUMNS = [{ text: 'R a trade, unless named', className: 'whitespace-normal!' }, { text: 'Found', number: true }, { text: 'Middle 95 %', number: true }, { text: 'n', number: true }]

/** @typedef {{ name: string, found: string, between: string, n: string }} Row */

/**
 * What the verdict rests on, and which trials it was held against.
 * @param {{ examination: Examination, trialsCounted: string | undefined }} props
 */
export function Examined({ examination, trialsCounted }) {
  return (
    <>
      <Table label="What was examined" columns={COLUMNS}>
        {rowsOf(examination).map(({ name, found, between, n }) => (
          <tr key={name}>
            <th scope="row" className="whitespace-normal!">
              {name}
            </th>
            <td className="number">{found}</td>
            <td className="number">{between}</td>
            <td className="number">{n}</td>
          </tr>
        ))}
      </Table>
      {trialsCounted && <p className="p-4 text-xs text-muted">{trialsCounted}</p>}
    </>
  )
}

/** @param {Examination} examination @returns {Row[]} */
function rowsOf({ expectancy_in_r, sharpe, deflated_sharpe, overfitting, random_entries, shuffled_directions, stressed }) {
  return [
    intervalRow('This run', expectancy_in_r),
    { ...intervalRow('Sharpe ratio a year', sharpe), n: counted(sharpe.n, 'day') },
    ...chanceRow('Deflated Sharpe ratio', deflated_sharpe),
    ...chanceRow('Probability of overfitting', overfitting),
    ...baselineRow('Random entries instead', random_entries),
    ...baselineRow('Directions shuffled', shuffled_directions),
    ...stressed.map((one) => intervalRow(spellOut(one.name), one)),
  ]
}

/** @param {string} name @param {Interval} interval @returns {Row} */
function intervalRow(name, { estimate, low, high, n }) {
  return { name, found: formatBareR(estimate), between: span(low, high), n: formatCount(n) }
}

/** @param {string} name @param {{ probability: number | null, trials: number } | null} chance @returns {Row[]} */
function chanceRow(name, chance) {
  if (chance === null) return []
  const { probability, trials } = chance
  return [{ name, found: formatShare(probability), between: UNKNOWN, n: counted(trials, 'trial') }]
}

/** @param {string} name @param {Baseline | null} baseline @returns {Row[]} */
function baselineRow(name, baseline) {
  if (baseline === null) return []
  const { mean, low, high, p_value, n } = baseline
  return [{ name: `${name}, p ${formatRatio(p_value)}`, found: formatBareR(mean), between: span(low, high), n: formatCount(n) }]
}

/** @param {number | null} low @param {number | null} high */
export function span(low, high) {
  return isKnown(low) && isKnown(high) ? `${formatBareR(low)} … ${formatBareR(high)}` : UNKNOWN
}
