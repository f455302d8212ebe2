import { describe, expect, test } from 'vitest'

import { nextKillZone } from '../../src/format/killZones.js'
import { formatAge, formatDuration, formatFullUtc, formatMinuteUtc, formatTimeBetween } from '../../src/format/times.js'

describe('times as text', () => {
  test('a wire time is shown in UTC and says so', () => {
    expect(formatFullUtc('2026-11-22T13:05:30.000Z')).toBe('22 Nov 2026, 13:05:30 UTC')
    expect(formatMinuteUtc('2026-11-22T00:05:30.000Z')).toBe('22 Nov, 00:05')
  })

  test('an unknown time is an em dash', () => {
    expect(formatFullUtc(null)).toBe('—')
    expect(formatMinuteUtc('soon')).toBe('—')
  })

  test.each([
    [400, '< 1 s'],
    [12_900, '12 s'],
    [240_000, '4 min'],
    [3 * 3_600_000, '3 h'],
  ])('an age of %d ms reads %s', (age, text) => {
    expect(formatAge(age)).toBe(text)
  })

  test.each([
    [45 * 60_000, '45 min'],
    [185 * 60_000, '3 h 05 m'],
    [52 * 3_600_000, '2 d 4 h'],
  ])('a duration of %d ms reads %s', (duration, text) => {
    expect(formatDuration(duration)).toBe(text)
  })

  test('the time between two instants is unknown while one is', () => {
    expect(formatTimeBetween('2026-11-22T10:15:00.000Z', '2026-11-22T11:30:00.000Z')).toBe('1 h 15 m')
    expect(formatTimeBetween('2026-11-22T10:15:00.000Z', null)).toBe('—')
  })
})

describe('the next kill zone opens by the New York clock', () => {
  test.each([
    ['in winter', '2026-03-06T06:59:00Z', 'london_open', '2026-03-06T07:00:00.000Z'],
    ['in summer', '2026-03-09T05:59:00Z', 'london_open', '2026-03-09T06:00:00.000Z'],
    ['when its start is skipped by the switch in March', '2026-03-08T06:30:00Z', 'london_open', '2026-03-08T07:00:00.000Z'],
    ['after the switch in March', '2026-03-08T10:00:00Z', 'ny_am', '2026-03-08T11:00:00.000Z'],
    ['after the hour that November repeats', '2026-11-01T05:30:00Z', 'london_open', '2026-11-01T07:00:00.000Z'],
    ['past midnight in UTC', '2026-11-22T23:59:00Z', 'asia', '2026-11-23T01:00:00.000Z'],
    ['past midnight in New York', '2026-11-23T01:00:01Z', 'london_open', '2026-11-23T07:00:00.000Z'],
  ])('%s', (_when, now, name, opensAt) => {
    const next = nextKillZone(Date.parse(now))
    expect(next.name).toBe(name)
    expect(new Date(next.opensAt).toISOString()).toBe(opensAt)
  })
})
