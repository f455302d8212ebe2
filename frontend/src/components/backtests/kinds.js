/** The kinds of backtests: what each does, what it asks for, and how a request of it is named. */

import { counted } from '../../format/words.js'

/** @import { BacktestRequest } from '../../api/backtestTypes' */
/** @import { NumberTerms } from './form/formState.js' */

/** @typedef {'single' | 'walkForward' | 'optimise' | 'ablate'} Kind */

/** @type {NumberTerms} */
const SEALED = { label: 'Kept sealed at the end', unit: '%', min: 0, max: 50 }
/** @type {NumberTerms} */
const FOLDS = { label: 'Folds', min: 2, max: 12, whole: true }

/**
 * `trials` is how many are usual, `opens` whether the sealed segment can be opened.
 * @type {Record<Kind, { label: string, does: string, fields: Record<string, NumberTerms>, trials?: string, opens?: boolean }>}
 */
export const KINDS = {
  single: { label: 'Single run', does: 'Trades all of it with the parameters below.', fields: {} },
  walkForward: {
    label: 'Walk-forward',
    does: 'Chooses parameters on one part and trades them on the next, again and again.',
    fields: { folds: FOLDS, trials: { label: 'Trials in each fold', min: 2, max: 200, whole: true }, sealed: SEALED },
    trials: '20',
    opens: true,
  },
  optimise: {
    label: 'Optimise',
    does: 'Searches parameters and judges the best as the best of so many.',
    fields: { trials: { label: 'Trials', min: 2, max: 500, whole: true }, sealed: SEALED },
    trials: '50',
    opens: true,
  },
  ablate: {
    label: 'Ablate',
    does: 'Leaves out one component of the confluence score after the other.',
    fields: { sealed: SEALED },
  },
}

/** @param {BacktestRequest} request @returns {Kind} */
export function kindOf({ walkForward, optimise, ablate }) {
  if (walkForward) return 'walkForward'
  if (optimise) return 'optimise'
  return ablate ? 'ablate' : 'single'
}

/** `Walk-forward, 4 folds, 20 trials in each`. @param {BacktestRequest} request */
export function kindWords(request) {
  const { walkForward, optimise } = request
  const { label } = KINDS[kindOf(request)]
  if (walkForward) return `${label}, ${counted(walkForward.folds, 'fold')}, ${counted(walkForward.trials, 'trial')} in each`
  return optimise ? `${label}, ${counted(optimise.trials, 'trial')}` : label
}
