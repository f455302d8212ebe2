import { formatBareR, formatCount } from '../../../format/numbers.js'
import { spellOut } from '../../../format/words.js'
import { SignedNumber } from '../../ui/SignedNumber.jsx'
import { Table } from '../../ui/Table.jsx'
import { span } from './Examined.jsx'

/** @import { AblationRow } from '../../../api/backtestTypes' */

/**
 * The run as asked, then without each component: what a component is worth is what is missing then.
 * @param {{ rows: AblationRow[] }} props
 */
export function Ablation({ rows }) {
  const columns = [{ text: 'Without' }, { text: 'R a trade', number: true }, { text: 'Middle 95 %', number: true }, { text: 'Trades', number: true }, { text: 'Net R', number: true }]
  return (
    <Table label="Ablation" columns={columns}>
      {rows.map(({ component, trades, netR, expectancy }) => (
        <tr key={component ?? ''}>
          <th scope="row">{component === null ? 'Nothing left out' : spellOut(component)}</th>
          <td className="number">{formatBareR(expectancy.estimate)}</td>
          <td className="number">{span(expectancy.low, expectancy.high)}</td>
          <td className="number">{formatCount(trades)}</td>
          <td className="number">
            <SignedNumber value={netR} format={formatBareR} />
          </td>
        </tr>
      ))}
    </Table>
  )
}
