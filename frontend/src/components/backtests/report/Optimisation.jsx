import { formatBareR, formatCount, formatRatio, formatShare } from '../../../format/numbers.js'
import { counted, spellOut } from '../../../format/words.js'
import { SignedNumber } from '../../ui/SignedNumber.jsx'
import { Table } from '../../ui/Table.jsx'
import { fieldWords, termWords, valueWords } from '../words.js'
import { span } from './Examined.jsx'

/** @import { Optimisation as Found, SearchTrial } from '../../../api/backtestTypes' */

const SHOWN = 10

/**
 * Every trial of a search, the best first, and the neighbours of the best.
 * @param {{ found: Found, overfitting: number | null }} props
 */
export function Optimisation({ found, overfitting }) {
  const { trials, chosen, table, neighbours } = found
  const rest = table.slice(SHOWN)
  return (
    <>
      <div className="flex flex-col gap-1 p-4">
        {chosen && <p className="font-semibold break-words">Chosen: {valueWords(chosen)}.</p>}
        <p className="text-xs text-muted">
          {counted(trials, 'trial')}, {formatCount(table.length)} of them different. Probability of overfitting {formatShare(overfitting)}. Sharpe ratios are a year’s. The deflated Sharpe ratio is the chance that a trial is better than luck
          among everything ever tried on this market.
        </p>
      </div>
      <Trials label="Trials" rows={table.slice(0, SHOWN)} />
      {rest.length > 0 && (
        <details>
          <summary className="p-4 text-xs text-muted">Show {counted(rest.length, 'more trial')}</summary>
          <Trials label="More trials" rows={rest} />
        </details>
      )}
      {neighbours.length > 0 && <Neighbours neighbours={neighbours} />}
    </>
  )
}

/** @param {{ label: string, rows: SearchTrial[] }} props */
function Trials({ label, rows }) {
  const names = Object.keys(rows[0]?.parameters ?? {}).map(fieldWords)
  const columns = [{ text: names.join(' · '), className: 'min-w-32 whitespace-normal!' }, { text: 'Net R', number: true }, { text: 'Sharpe', number: true }, { text: 'Trades', number: true }, { text: 'Deflated', number: true }]
  return (
    <Table label={label} columns={columns}>
      {rows.map(({ parameters, trades, netR, sharpe, deflatedSharpe, candidate }) => (
        <tr key={valueWords(parameters)}>
          <th scope="row" className="figures whitespace-normal!">
            {Object.entries(parameters)
              .map(([name, value]) => termWords(name, value))
              .join(' · ')}
            {!candidate && <span className="text-muted"> (too few trades)</span>}
          </th>
          <td className="number">
            <SignedNumber value={netR} format={formatBareR} />
          </td>
          <td className="number">{formatRatio(sharpe)}</td>
          <td className="number">{formatCount(trades)}</td>
          <td className="number">{formatShare(deflatedSharpe)}</td>
        </tr>
      ))}
    </Table>
  )
}

/** A peak with nothing around it is a coincidence. @param {{ neighbours: Found['neighbours'] }} props */
function Neighbours({ neighbours }) {
  return (
    <Table label="One step aside" columns={[{ text: 'One step aside' }, { text: 'R a trade', number: true }, { text: 'Middle 95 %', number: true }, { text: 'n', number: true }]}>
      {neighbours.map(({ name, estimate, low, high, n }) => (
        <tr key={name}>
          <th scope="row" className="whitespace-normal!">
            {spellOut(name)}
          </th>
          <td className="number">{formatBareR(estimate)}</td>
          <td className="number">{span(low, high)}</td>
          <td className="number">{formatCount(n)}</td>
        </tr>
      ))}
    </Table>
  )
}
