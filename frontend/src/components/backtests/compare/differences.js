import { kindWords } from '../kinds.js'
import { fieldWords, termWords } from '../words.js'

/** @import { BacktestOptions, BacktestRequest } from '../../../api/backtestTypes' */

/** @typedef {{ name: string, values: string[] }} Difference one value a run, as text */

/**
 * The settings in which runs differ, and how many are the same in all.
 * @param {BacktestRequest[]} requests
 * @returns {{ differences: Difference[], same: number }}
 */
export function differencesOf(requests) {
  const flat = requests.map(flatten)
  const names = [...new Set(flat.flatMap((one) => [...one.keys()]))]
  const rows = names.map((name) => ({ name: fieldWords(name), values: flat.map((one) => termWords(name, one.get(name))) }))
  const differences = rows.filter(({ values }) => new Set(values).size > 1)
  return { differences, same: rows.length - differences.length }
}

/** Told in other places of a run. */
const TOLD_ELSEWHERE = new Set(['symbols', 'timeframe', 'market', 'from', 'to', 'kind'].map(fieldWords))

/**
 * What was asked differently from the usual, as `Confluence threshold 50`.
 * @param {BacktestRequest} request
 * @param {BacktestOptions} options
 */
export function unusualTerms(request, { defaults, parameters }) {
  const usual = { ...Object.fromEntries(parameters.map(({ name, default: value }) => [name, value])), ...defaults.parameters }
  const asked = { ...request, parameters: { ...usual, ...request.parameters } }
  const { differences } = differencesOf([{ ...defaults, parameters: usual }, asked])
  return differences.filter(({ name }) => !TOLD_ELSEWHERE.has(name)).map(({ name, values }) => `${name} ${values[1]}`)
}

/** @param {BacktestRequest} request */
function flatten(request) {
  const { parameters, costs, walkForward, optimise, ablate, ...plain } = request
  const sealed = (walkForward ?? optimise ?? ablate)?.sealed
  return new Map(Object.entries({ ...plain, kind: kindWords(request), sealed, ...costs, ...parameters }))
}
