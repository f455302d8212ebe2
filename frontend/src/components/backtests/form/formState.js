/** What the form holds, how it begins, what is wrong with it and the request it makes. */

import { kindOf, KINDS } from '../kinds.js'

/** @import { BacktestOptions, BacktestRequest, CandleSeries, DeclaredParameter, ParameterValue } from '../../../api/backtestTypes' */
/** @import { Kind } from '../kinds.js' */

/**
 * Every field as it is typed. Rates and risk are percent here, fractions in the request.
 * @typedef {object} FormState
 * @property {string} market
 * @property {string} timeframe
 * @property {string[]} symbols
 * @property {string} from a day, or empty for the first candle
 * @property {string} to
 * @property {Kind} kind what to do
 * @property {boolean} opensSeal whether the sealed part is opened at the end
 * @property {Record<string, string>} numbers by the name of the field
 * @property {Record<string, string | boolean | string[]>} parameters
 */

/** @typedef {Record<string, string>} FieldErrors sentences by the name of the field */

/**
 * @typedef {object} NumberTerms
 * @property {string} label
 * @property {string} [unit]
 * @property {number} [min]
 * @property {number} [max]
 * @property {boolean} [whole]
 */

/** @type {Record<string, NumberTerms>} */
export const MONEY_FIELDS = {
  initialBalance: { label: 'Initial balance', unit: 'USDT', min: 1 },
  riskPerTrade: { label: 'Risk per trade', unit: '%', min: 0.01, max: 10 },
  maxPositions: { label: 'Most positions at once', min: 1, max: 50, whole: true },
  seed: { label: 'Seed', min: 0, whole: true },
}

/** @type {Record<string, NumberTerms>} */
export const COST_FIELDS = {
  takerFeeRate: { label: 'Taker fee', unit: '%', min: 0, max: 1 },
  makerFeeRate: { label: 'Maker fee', unit: '%', min: 0, max: 1 },
  slippageBps: { label: 'Slippage', unit: 'bps', min: 0, max: 100 },
}

const USUAL_FOLDS = 4
const USUAL_SEAL = 0.2

/** Percent of a fraction and back, without the dust of binary fractions. */
const percent = (/** @type {number} */ fraction) => String(Number((fraction * 100).toPrecision(12)))
const fraction = (/** @type {string | undefined} */ typed) => Number((Number(typed) / 100).toPrecision(12))

/**
 * @param {BacktestOptions} options
 * @returns {FormState}
 */
export function initialForm({ defaults, parameters, series }) {
  const state = {
    ...marketWithCandles(defaults, series),
    symbols: [],
    from: '',
    to: '',
    kind: kindOf(defaults),
    opensSeal: false,
    numbers: {
      folds: String(USUAL_FOLDS),
      trials: '',
      sealed: percent(USUAL_SEAL),
      initialBalance: String(defaults.initialBalance),
      riskPerTrade: percent(defaults.riskPerTrade),
      maxPositions: String(defaults.maxPositions),
      seed: String(defaults.seed),
      takerFeeRate: percent(defaults.costs.takerFeeRate),
      makerFeeRate: percent(defaults.costs.makerFeeRate),
      slippageBps: String(defaults.costs.slippageBps),
    },
    parameters: Object.fromEntries(parameters.map((one) => [one.name, asTyped(defaults.parameters[one.name] ?? one.default)])),
  }
  const stored = seriesOf(series, state).map(({ symbol }) => symbol)
  const wanted = defaults.symbols.filter((symbol) => stored.includes(symbol))
  return { ...state, symbols: wanted.length > 0 ? wanted : stored.slice(0, 1) }
}

/**
 * The usual market and timeframe; where nothing is stored of them, the first of which there is.
 * @param {BacktestRequest} defaults
 * @param {CandleSeries[]} series
 */
function marketWithCandles(defaults, series) {
  const stored = seriesOf(series, defaults)[0] ?? series.find(({ market }) => market === defaults.market) ?? series[0]
  return { market: (stored ?? defaults).market, timeframe: (stored ?? defaults).timeframe }
}

/** @param {ParameterValue} value */
const asTyped = (value) => (typeof value === 'number' ? String(value) : value)

/**
 * What is stored of one market and timeframe.
 * @param {CandleSeries[]} series
 * @param {{ market: string, timeframe: string }} chosen
 */
export function seriesOf(series, { market, timeframe }) {
  return series.filter((one) => one.market === market && one.timeframe === timeframe)
}

/** @typedef {{ from: string, to: string }} Days */

/**
 * The first and the last day that any chosen symbol has candles of; null without any.
 * @param {CandleSeries[]} chosen
 * @returns {Days | null}
 */
export function allDays(chosen) {
  const from = chosen.map((one) => one.from.slice(0, 10)).toSorted()[0]
  const to = chosen.map((one) => one.to.slice(0, 10)).toSorted().at(-1)
  return from === undefined || to === undefined ? null : { from, to }
}

/**
 * The same of the days that every chosen symbol has.
 * @param {CandleSeries[]} chosen
 * @returns {Days | null}
 */
export function sharedDays(chosen) {
  const from = chosen.map((one) => one.from.slice(0, 10)).toSorted().at(-1)
  const to = chosen.map((one) => one.to.slice(0, 10)).toSorted()[0]
  return from === undefined || to === undefined ? null : { from, to }
}

/**
 * @param {FormState} form
 * @param {BacktestOptions} options
 * @returns {FieldErrors}
 */
export function formErrors(form, { series, parameters }) {
  /** @type {FieldErrors} */
  const errors = {}
  const chosen = seriesOf(series, form).filter(({ symbol }) => form.symbols.includes(symbol))
  if (chosen.length === 0) errors.symbols = 'Choose at least one symbol.'
  Object.assign(errors, dateErrors(form, sharedDays(chosen)))
  for (const [name, terms] of Object.entries({ ...MONEY_FIELDS, ...COST_FIELDS, ...KINDS[form.kind].fields })) note(errors, name, numberError(form.numbers[name], terms))
  for (const one of parameters) {
    if (isNumeric(one)) note(errors, one.name, numberError(String(form.parameters[one.name] ?? ''), termsOf(one)))
  }
  return errors
}

/** @param {FieldErrors} errors @param {string} name @param {string | null} sentence */
function note(errors, name, sentence) {
  if (sentence !== null) errors[name] = sentence
}

/**
 * @param {FormState} form
 * @param {{ from: string, to: string } | null} days
 */
function dateErrors({ from, to }, days) {
  /** @type {FieldErrors} */
  const errors = {}
  if (days && from !== '' && (from < days.from || from > days.to)) errors.from = `Candles are stored from ${days.from} to ${days.to}.`
  if (days && to !== '' && (to < days.from || to > days.to)) errors.to = `Candles are stored from ${days.from} to ${days.to}.`
  if (from !== '' && to !== '' && from >= to) errors.to = 'The end must lie after the start.'
  return errors
}

/** @param {string | undefined} typed @param {NumberTerms} terms */
function numberError(typed, { min, max, whole }) {
  const value = Number(typed)
  if (typed === undefined || typed.trim() === '' || !Number.isFinite(value)) return 'Write a number.'
  if (whole && !Number.isInteger(value)) return 'Write a whole number.'
  if (min !== undefined && value < min) return `Write ${min} or more.`
  if (max !== undefined && value > max) return `Write ${max} or less.`
  return null
}

/** @param {DeclaredParameter} parameter */
export function isNumeric({ choices, default: value }) {
  return !choices?.length && typeof value === 'number'
}

/** @param {DeclaredParameter} parameter @returns {NumberTerms} */
export function termsOf({ label, min, max, type }) {
  return { label, min: min ?? undefined, max: max ?? undefined, whole: type.startsWith('int') }
}

/**
 * The request that the form stands for; ask `formErrors` first.
 * @param {FormState} form
 * @param {DeclaredParameter[]} parameters
 * @returns {BacktestRequest}
 */
export function requestOf({ market, timeframe, symbols, from, to, kind, opensSeal, numbers, parameters: typed }, parameters) {
  const sealed = fraction(numbers.sealed)
  const search = { trials: Number(numbers.trials), sealed, openSealed: opensSeal }
  return {
    market,
    timeframe,
    symbols,
    from: from || null,
    to: to || null,
    initialBalance: Number(numbers.initialBalance),
    riskPerTrade: fraction(numbers.riskPerTrade),
    maxPositions: Number(numbers.maxPositions),
    seed: Number(numbers.seed),
    walkForward: kind === 'walkForward' ? { folds: Number(numbers.folds), ...search } : null,
    optimise: kind === 'optimise' ? search : null,
    ablate: kind === 'ablate' ? { sealed } : null,
    costs: {
      takerFeeRate: fraction(numbers.takerFeeRate),
      makerFeeRate: fraction(numbers.makerFeeRate),
      slippageBps: Number(numbers.slippageBps),
    },
    parameters: Object.fromEntries(parameters.map((one) => [one.name, isNumeric(one) ? Number(typed[one.name]) : (typed[one.name] ?? one.default)])),
  }
}

/**
 * How many parameters are not as declared.
 * @param {FormState} form
 * @param {DeclaredParameter[]} parameters
 */
export function changedParameters(form, parameters) {
  return parameters.filter((one) => String(form.parameters[one.name]) !== String(asTyped(one.default))).length
}

/**
 * What the server refused, by the last part of its name, as `takerFeeRate` of `costs.takerFeeRate`.
 * @param {unknown} details of an ApiError
 * @returns {FieldErrors}
 */
export function refusedBy(details) {
  const fields = typeof details === 'object' && details !== null && 'fields' in details ? details.fields : null
  if (typeof fields !== 'object' || fields === null) return {}
  return Object.fromEntries(Object.entries(fields).map(([name, text]) => [name.replace(/(\.\d+)+$/, '').split('.').at(-1) ?? name, String(text)]))
}
