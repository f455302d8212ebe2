import { formatPeriod } from '../../../format/days.js'
import { formatBareR, formatCount, formatShare } from '../../../format/numbers.js'
import { SignedNumber } from '../../ui/SignedNumber.jsx'
import { Table } from '../../ui/Table.jsx'
import { valueWords } from '../words.js'

/** @import { OutsideTraining, WalkForwardFold } from '../../../api/backtestTypes' */

/**
 * What each fold gave on days it had not been chosen on.
 * @param {{ folds: WalkForwardFold[], outside: OutsideTraining | null | undefined }} props
 */
export function WalkForward({ folds, outside }) {
  return (
    <>
      {outside && (
        <p className="p-4 text-sm">{efficiencyWords(outside.efficiency, folds)}</p>
      )}
      <Folds folds={folds} />
    </>
  )
}

/** @param {number | null} efficiency @param {WalkForwardFold[]} folds */
function efficiencyWords(efficiency, folds) {
  if (efficiency !== null) return `Walk-forward efficiency ${formatShare(efficiency)}: ${efficiency > 0 ? 'so much' : 'nothing'} of what was found held on the days that followed.`
  if (folds.every(({ chosen }) => !chosen)) return 'Nothing could be chosen in any fold: too few trades.'
  return 'Walk-forward efficiency is undefined: what was chosen earned too little where it was chosen.'
}

/** @param {{ folds: WalkForwardFold[] }} props */
function Folds({ folds }) {
  return (
    <Table label="Walk-forward folds" columns={[{ text: 'Fold', number: true }, { text: 'Tested (UTC)' }, { text: 'Trades', number: true }, { text: 'Net R', number: true }, { text: 'R a trade, trained', number: true }, { text: 'tested', number: true }, { text: 'Chosen' }]}>
      {folds.map(({ fold, from, to, netR, trades, trainedR, testedR, chosen }) => (
        <tr key={fold}>
          <th scope="row" className="number">
            {formatCount(fold)}
          </th>
          <td className="figures min-w-28 whitespace-normal!">{formatPeriod(from, to)}</td>
          <td className="number">{formatCount(trades)}</td>
          <td className="number">
            <SignedNumber value={netR} format={formatBareR} />
          </td>
          <td className="number">{formatBareR(trainedR)}</td>
          <td className="number">{formatBareR(testedR)}</td>
          <td className="min-w-80 text-muted whitespace-normal!">{chosen ? valueWords(chosen) : 'nothing: too few trades'}</td>
        </tr>
      ))}
    </Table>
  )
}
