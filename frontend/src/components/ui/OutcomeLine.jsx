/** @import { Outcome } from '../../api/types' */

/**
 * What became of an action, said where it was asked for; what failed does not look like success.
 * @param {{ outcome: Outcome | null }} props
 */
export function OutcomeLine({ outcome }) {
  return (
    <p role="status" className={`min-w-0 text-sm break-words empty:hidden ${outcome?.failed ? 'text-danger' : 'text-muted'}`}>
      {outcome?.text}
    </p>
  )
}
