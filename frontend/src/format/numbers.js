/** Numbers as text. Unknown is an em dash, never zero; the minus sign is U+2212. */

export const UNKNOWN = '—'
export const MINUS = '\u2212'
const LOCALE = 'en-US'

/**
 * @param {number | null | undefined} value
 * @returns {value is number}
 */
export function isKnown(value) {
  return typeof value === 'number' && Number.isFinite(value)
}

/** A value that rounds to nothing has no sign. @param {string} text */
const typographic = (text) => (/^-0(\.0*)?$/.test(text) ? text.slice(1) : text.replace('-', MINUS))

/**
 * @param {number} minimum
 * @param {number} maximum decimals
 */
function formatters(minimum, maximum) {
  const options = { minimumFractionDigits: minimum, maximumFractionDigits: maximum }
  return {
    plain: new Intl.NumberFormat(LOCALE, options),
    signed: new Intl.NumberFormat(LOCALE, { ...options, signDisplay: 'exceptZero' }),
  }
}

const twoDecimals = formatters(2, 2)
const MILLION = 1_000_000
/** @type {Intl.NumberFormatOptions} */
const compact = { notation: 'compact', minimumFractionDigits: 2, maximumFractionDigits: 2 }
const millions = {
  plain: new Intl.NumberFormat(LOCALE, compact),
  signed: new Intl.NumberFormat(LOCALE, { ...compact, signDisplay: 'exceptZero' }),
}
const exactMoney = formatters(2, 8)
const quantityDecimals = formatters(0, 8)
const wholeNumber = formatters(0, 0)
const oneDecimal = formatters(1, 1)
const rateDecimals = formatters(0, 4)
const scoreDecimals = formatters(0, 1)
/** Prices arrive on ticks; what is not on a tick (a refused setup) is cut to its size. */
const priceDecimals = [
  { from: 1000, format: formatters(2, 2) },
  { from: 10, format: formatters(2, 3) },
  { from: 0.1, format: formatters(2, 5) },
  { from: 0, format: formatters(2, 8) },
]

/** @param {number | null | undefined} value */
export function formatMoney(value) {
  return isKnown(value) ? typographic(twoDecimals.plain.format(value)) : UNKNOWN
}

/** @param {number | null | undefined} value */
export function formatSignedMoney(value) {
  return isKnown(value) ? typographic(twoDecimals.signed.format(value)) : UNKNOWN
}

/** For a place that a million does not fit into: `1.23M` from there on. @param {number | null | undefined} value */
export function formatShortMoney(value) {
  return isKnown(value) && Math.abs(value) >= MILLION ? typographic(millions.plain.format(value)) : formatMoney(value)
}

/** @param {number | null | undefined} value */
export function formatSignedShortMoney(value) {
  return isKnown(value) && Math.abs(value) >= MILLION ? typographic(millions.signed.format(value)) : formatSignedMoney(value)
}

/** With every digit it has, for what may be far less than a cent. @param {number | null | undefined} value */
export function formatExactMoney(value) {
  return isKnown(value) ? typographic(exactMoney.signed.format(value)) : UNKNOWN
}

/** @param {number | null | undefined} value percent, 62.5 means 62.5 % */
export function formatPercent(value) {
  return isKnown(value) ? `${typographic(oneDecimal.plain.format(value))} %` : UNKNOWN
}

/** @param {number | null | undefined} value a fraction, 0.625 means 62.5 % */
export function formatShare(value) {
  return isKnown(value) ? formatPercent(value * 100) : UNKNOWN
}

/** A rate of cost. @param {number | null | undefined} value a fraction, 0.00055 means 0.055 % */
export function formatRate(value) {
  return isKnown(value) ? `${typographic(rateDecimals.plain.format(value * 100))} %` : UNKNOWN
}

/** @param {number | null | undefined} value percent */
export function formatSignedPercent(value) {
  return isKnown(value) ? `${typographic(twoDecimals.signed.format(value))} %` : UNKNOWN
}

/** @param {number | null | undefined} value */
export function formatRatio(value) {
  return isKnown(value) ? typographic(twoDecimals.plain.format(value)) : UNKNOWN
}

/** @param {number | null | undefined} value units of risk */
export function formatR(value) {
  return isKnown(value) ? `${typographic(twoDecimals.signed.format(value))} R` : UNKNOWN
}

/** For a column whose heading says R. @param {number | null | undefined} value */
export const formatBareR = formatSignedMoney

/** @param {number | null | undefined} value */
export function formatPrice(value) {
  if (!isKnown(value)) return UNKNOWN
  const size = Math.abs(value)
  const { format } = priceDecimals.find(({ from }) => size >= from) ?? { format: twoDecimals }
  return typographic(format.plain.format(value))
}

/** @param {number | null | undefined} value */
export function formatQuantity(value) {
  return isKnown(value) ? typographic(quantityDecimals.plain.format(value)) : UNKNOWN
}

/** @param {number | null | undefined} value */
export function formatCount(value) {
  return isKnown(value) ? typographic(wholeNumber.plain.format(value)) : UNKNOWN
}

/** @param {number | null | undefined} value points of the confluence score */
export function formatScore(value) {
  return isKnown(value) ? typographic(scoreDecimals.plain.format(value)) : UNKNOWN
}
