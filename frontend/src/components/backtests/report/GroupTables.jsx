import { formatBareR, formatCount, formatShare } from '../../../format/numbers.js'
import { killZoneWords, spellOut } from '../../../format/words.js'
import { SignedNumber } from '../../ui/SignedNumber.jsx'
import { Table } from '../../ui/Table.jsx'

/** @import { BacktestReport, ResultGroup } from '../../../api/backtestTypes' */

/** As wide in every table, so that those under each other line up. */
const COLUMNS = ['Trades', 'Net R', 'Won'].map((text) => ({ text, number: true, className: 'w-1/5' }))

/** @param {{ tables: BacktestReport['tables'] }} props */
export function GroupTables({ tables }) {
  return (
    <div className="grid gap-x-4 gap-y-2 py-2 md:grid-cols-2 2xl:grid-cols-4">
      <GroupTable label="Kill zone" groups={tables.byKillZone} words={(key) => (key === 'none' ? 'Outside of all' : killZoneWords(key))} />
      <GroupTable label="Model" groups={tables.byModel} words={(key) => spellOut(key)} />
      <GroupTable label="Direction" groups={tables.byDirection} words={spellOut} />
      <GroupTable label="Symbol" groups={tables.bySymbol} words={(key) => key} />
    </div>
  )
}

/** @param {{ label: string, groups: ResultGroup[], words: (key: string) => string | null }} props */
function GroupTable({ label, groups, words }) {
  return (
    <Table label={`Results by ${label.toLowerCase()}`} columns={[{ text: label }, ...COLUMNS]}>
      {groups.map(({ key, trades, netR, winRate }) => (
        <tr key={key}>
          <th scope="row">{words(key)}</th>
          <td className="number">{formatCount(trades)}</td>
          <td className="number">
            <SignedNumber value={netR} format={formatBareR} />
          </td>
          <td className="number">{formatShare(winRate)}</td>
        </tr>
      ))}
    </Table>
  )
}
