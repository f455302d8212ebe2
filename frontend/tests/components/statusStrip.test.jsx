import { render, screen } from '@testing-library/react'
import { describe, expect, test } from 'vitest'

import { StatusStrip } from '../../src/components/layout/StatusStrip.jsx'
import { monitor } from '../samples.js'

/** @param {Partial<import('../../src/api/types').Monitor>} changes */
function show(changes) {
  const told = { ...monitor, ...changes }
  render(<StatusStrip mode={null} connection={undefined} freshness={undefined} monitor={told} killZone={null} />)
}

describe('what the strip says of quarantine', () => {
  test('names the symbols, and the reasons with them', () => {
    show({ quarantined: [{ symbol: 'BTCUSDT', reason: 'Close it on the exchange.' }, { symbol: 'ETHUSDT', reason: 'It has no stop.' }] })
    const reasons = 'BTCUSDT is in quarantine: Close it on the exchange. ETHUSDT is in quarantine: It has no stop.'
    expect(screen.getByText('BTCUSDT, ETHUSDT in quarantine')).toHaveAttribute('title', reasons)
  })

  test('says nothing where there is none', () => {
    show({ quarantined: [] })
    expect(screen.queryByText(/in quarantine/)).toBeNull()
  })
})
