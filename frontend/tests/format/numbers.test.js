import { describe, expect, test } from 'vitest'

import { formatExactMoney, formatMoney, formatPercent, formatPrice, formatQuantity, formatR, formatShortMoney, formatSignedMoney, formatSignedShortMoney } from '../../src/format/numbers.js'

describe('numbers as text', () => {
  test('an unknown value is an em dash, never zero', () => {
    for (const unknown of [null, undefined, Number.NaN]) {
      expect(formatMoney(unknown)).toBe('—')
      expect(formatPercent(unknown)).toBe('—')
      expect(formatPrice(unknown)).toBe('—')
    }
    expect(formatMoney(0)).toBe('0.00')
  })

  test('results carry their sign, and minus is U+2212', () => {
    expect(formatSignedMoney(1234.5)).toBe('+1,234.50')
    expect(formatSignedMoney(-8.5)).toBe('\u22128.50')
    expect(formatSignedMoney(0)).toBe('0.00')
    expect(formatR(-1.02)).toBe('\u22121.02 R')
  })

  test('a tiny loss is not shown as minus zero', () => {
    expect(formatSignedMoney(-0.001)).toBe('0.00')
    expect(formatMoney(-0.001)).toBe('0.00')
    expect(formatPercent(-0.04)).toBe('0.0 %')
  })

  test('funding of a small position keeps the digits it has', () => {
    expect(formatExactMoney(-0.00012)).toBe('\u22120.00012')
    expect(formatExactMoney(250.5)).toBe('+250.50')
  })

  test('from a million on a narrow place gets millions', () => {
    expect(formatSignedShortMoney(-23_456_789.55)).toBe('\u221223.46M')
    expect(formatShortMoney(999_999.99)).toBe('999,999.99')
    expect(formatShortMoney(1_234_567)).toBe('1.23M')
  })

  test.each([
    [64123.5, '64,123.50'],
    [142.35, '142.35'],
    [0.4567, '0.4567'],
    [0.00001234, '0.00001234'],
    [64123.456789, '64,123.46'],
  ])('the price %d reads %s', (price, text) => {
    expect(formatPrice(price)).toBe(text)
  })

  test('percent is not scaled: 62.5 means 62.5 %', () => {
    expect(formatPercent(62.5)).toBe('62.5 %')
  })

  test('quantities keep the digits they came with', () => {
    expect(formatQuantity(0.0375)).toBe('0.0375')
  })
})
