import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, test } from 'vitest'

import { FakeServer } from '../fakes.js'
import { renderApp } from '../render.jsx'
import { loadedAnswers, session } from '../samples.js'
import { brokenRules } from './axe.js'

const preferences = {
  events: ['signal_armed', 'trade_opened', 'trade_closed'],
  channels: [
    { name: 'email', configured: true, missing: null, address: 'demo@ict.com' },
    { name: 'sms', configured: false, missing: 'Not set up: set TWILIO_AUTH_TOKEN in .env and restart.', address: null },
  ],
  enabled: [{ event: 'trade_closed', channel: 'email' }],
}
const failed = {
  id: 3,
  event: 'trade_closed',
  channel: 'email',
  status: 'failed',
  attempts: 1,
  error: '550 No such user',
  createdAt: '2026-11-22T12:00:00.000Z',
  finishedAt: '2026-11-22T12:00:01.000Z',
  nextAttemptAt: null,
}

/** @param {Record<string, unknown>} [answers] */
async function openPage(answers) {
  const server = new FakeServer({
    ...loadedAnswers(),
    'GET /api/notifications/preferences': preferences,
    'GET /api/notifications': { notifications: [failed] },
    ...answers,
  })
  const { container } = renderApp(server, { session })
  await userEvent.click(await screen.findByRole('link', { name: 'Notifications' }))
  await screen.findByRole('form', { name: 'What you are told' })
  return { server, container }
}

describe('the notifications page', () => {
  test('shows what is on, what a channel needs and what became of messages', async () => {
    const { container } = await openPage()
    const [byMail, byPhone] = screen.getAllByRole('checkbox', { name: 'A trade closes' })
    expect(byMail).toBeChecked()
    expect(byPhone).not.toBeChecked()
    expect(screen.getByText(/set TWILIO_AUTH_TOKEN/)).toBeVisible()
    expect(await screen.findByText('550 No such user')).toBeVisible()
    expect(await brokenRules(container)).toEqual([])
  })

  test('saves the whole choice', async () => {
    const { server } = await openPage({ 'PUT /api/notifications/preferences': preferences })
    const [opensByMail] = screen.getAllByRole('checkbox', { name: 'A trade opens' })
    await userEvent.click(/** @type {HTMLElement} */ (opensByMail))
    await userEvent.type(screen.getByLabelText('Phone number'), '+4915112345678')
    await userEvent.click(screen.getByRole('button', { name: 'Save' }))
    expect(await screen.findByText('Saved.')).toBeVisible()
    expect(server.requestsFor('PUT /api/notifications/preferences')[0]?.body).toEqual({
      enabled: [
        { event: 'trade_opened', channel: 'email' },
        { event: 'trade_closed', channel: 'email' },
      ],
      phone: '+4915112345678',
    })
  })

  test('shows the provider’s own answer to a test', async () => {
    await openPage({ 'POST /api/notifications/test': { sent: false, answer: '535 Login refused' } })
    await userEvent.click(screen.getByRole('button', { name: 'Send test by E-mail' }))
    expect(await screen.findByText('Not sent: 535 Login refused')).toBeVisible()
    expect(screen.getByRole('button', { name: 'Send test by Text message' })).toBeDisabled()
  })

  test('says why a choice is refused', async () => {
    const refused = [422, { error: { code: 'invalid_input', message: 'Text messages need a phone number.' } }]
    await openPage({ 'PUT /api/notifications/preferences': refused })
    await userEvent.click(screen.getByRole('button', { name: 'Save' }))
    expect(await screen.findByText('Text messages need a phone number.')).toBeVisible()
  })
})
