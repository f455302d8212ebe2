import { formatPeriod } from '../../../format/days.js'
import { formatBareR, formatCount } from '../../../format/numbers.js'
import { SignedNumber } from '../../ui/SignedNumber.jsx'
import { Table } from '../../ui/Table.jsx'
import { fieldWords, termWords } from '../words.js'

/** @import { WalkForwardFold } from '../../../api/backtestTypes' */

/**
 * What each fold gave on days it had not been chosen on.
 * @param {{ folds: WalkForwardFold[] | null }} props
 */
export function WalkForward({ folds }) {
  if (folds === null) {
    return (
      <p className="p-4 text-sm text-muted">
        Not part of this run: its parameters were given, not chosen from the data. Tick “Walk forward too” in the form to have them chosen fold by fold and tested on what follows.
      </p>
    )
  }
  return (
    <Table label="Walk-forward folds" columns={[{ text: 'Fold', number: true }, { text: 'Tested (UTC)' }, { text: 'Trades', number: true }, { text: 'Net R', number: true }, { text: 'R a trade, trained', number: true }, { text: 'tested', number: true }, { text: 'Chosen' }]}>
      {folds.map(({ fold, from, to, netR, trades, trainedR, testedR, chosen }) => (
        <tr key={fold}>
          <th scope="row" className="number">
            {formatCount(fold)}
          </th>
          <td className="figures">
            {formatPeriod(from, to)}
          </td>
          <td className="number">{formatCount(trades)}</td>
          <td className="number">
            <SignedNumber value={netR} format={formatBareR} />
          </td>
          <td className="number">{formatBareR(trainedR)}</td>
          <td className="number">{formatBareR(testedR)}</td>
          <td className="min-w-48 text-muted whitespace-normal!">{chosenWords(chosen)}</td>
        </tr>
      ))}
    </Table>
  )
}

/** @param {WalkForwardFold['chosen']} chosen */
function chosenWords(chosen) {
  if (!chosen) return 'nothing: too few trades'
  return Object.entries(chosen)
    .map(([name, value]) => `${fieldWords(name)} ${termWords(name, value)}`)
    .join(', ')
}
