import { formatMoney, formatSignedMoney } from '../../format/numbers.js'
import { SignedNumber } from '../ui/SignedNumber.jsx'
import { UtcTime } from '../ui/UtcTime.jsx'

/** @import { ReactNode } from 'react' */
/** @import { Balance } from '../../api/types' */

/**
 * From what the account began with to what it holds, part by part.
 * @param {{ balance: Balance }} props
 */
export function BalanceSheet({ balance }) {
  return (
    <dl className="figures flex flex-col px-4 py-2">
      <Part name="Began with" note={<UtcTime time={balance.openedAt} zone />}>
        {formatMoney(balance.opening)}
      </Part>
      <Part name="Results of closed trades" note="after fees and funding">
        <SignedNumber value={balance.results} format={formatSignedMoney} />
      </Part>
      <Part name="Deposits less withdrawals" note="no result: returns, drawdown and guards leave them out">
        <SignedNumber value={balance.transfers} format={formatSignedMoney} />
      </Part>
      <Part name="Paid on open trades so far" note="entry fees, and funding paid or received">
        <SignedNumber value={balance.openCosts} format={formatSignedMoney} />
      </Part>
      <Part name="By the ledger" total>
        {formatMoney(balance.ledger)}
      </Part>
      <Part name="At the exchange" note={<>last told <UtcTime time={balance.walletAt} zone /></>} total>
        {formatMoney(balance.wallet)}
      </Part>
    </dl>
  )
}

/** @param {{ name: string, note?: ReactNode, total?: boolean, children: ReactNode }} props */
function Part({ name, note, total = false, children }) {
  return (
    <div className={`flex items-baseline justify-between gap-4 py-2 not-first:border-t ${total ? 'border-field font-semibold' : 'border-line'}`}>
      <dt>
        {name} {note && <span className="block text-xs font-normal text-muted">{note}</span>}
      </dt>
      <dd>{children}</dd>
    </div>
  )
}
