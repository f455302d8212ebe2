import { formatExactMoney } from '../../format/numbers.js'
import { movementWords } from '../../format/words.js'
import { SignedNumber } from '../ui/SignedNumber.jsx'
import { Table } from '../ui/Table.jsx'
import { UtcTime } from '../ui/UtcTime.jsx'

/** @import { Movement } from '../../api/types' */

const COLUMNS = [{ text: 'Time (UTC)' }, { text: 'What' }, { text: 'Amount (USDT)', number: true }]

/** @param {{ movements: Movement[] }} props */
export function MovementTable({ movements }) {
  return (
    <Table label="Movements" columns={COLUMNS}>
      {movements.map(({ id, kind, symbol, amount, time }) => (
        <tr key={`${kind} ${id}`}>
          <td>
            <UtcTime time={time} />
          </td>
          <th scope="row">
            {movementWords(kind)} {symbol && <span className="text-muted">{symbol}</span>}
          </th>
          <td className="number font-semibold">
            <SignedNumber value={amount} format={formatExactMoney} />
          </td>
        </tr>
      ))}
    </Table>
  )
}
