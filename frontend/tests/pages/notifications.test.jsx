import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, test } from 'vitest'

import { FakeServer } from '../fakes.js'
import { renderApp } from '../render.jsx'
import { loadedAnswers, session } from '../samples.js'
import { brokenRules } from './axe.js'

const terms = {
  timeZone: 'UTC',
  quietFrom: null,
  quietTo: null,
  minimumSeverity: 'info',
  digest: 'off',
  summaryHour: 20,
  hideAmounts: false,
}
const mail = { id: 1, channel: 'email', label: 'd…@ict.com', verified: true, createdAt: '2026-11-22T12:00:00.000Z' }
const preferences = {
  events: [
    { name: 'trade_opened', severity: 'info' },
    { name: 'trade_closed', severity: 'info' },
    { name: 'monitor_silent', severity: 'critical' },
  ],
  channels: [
    { name: 'email', configured: true, missing: null },
    { name: 'sms', configured: false, missing: 'Not set up: set TWILIO_AUTH_TOKEN in .env and restart.' },
    { name: 'push', configured: true, missing: null },
  ],
  targets: [mail],
  enabled: [{ event: 'trade_closed', channel: 'email' }],
  profile: terms,
}
const failed = {
  id: 3,
  event: 'trade_closed',
  severity: 'info',
  channel: 'email',
  target: 'd…@ict.com',
  status: 'failed',
  digested: false,
  attempts: 1,
  error: '550 No such user',
  createdAt: '2026-11-22T12:00:00.000Z',
  finishedAt: '2026-11-22T12:00:01.000Z',
  nextAttemptAt: null,
}
const READ = 'GET /api/notifications/preferences'
const SAVE = 'PUT /api/notifications/preferences'

/** @param {Record<string, unknown>} [answers] */
async function openPage(answers) {
  const server = new FakeServer({
    ...loadedAnswers(),
    [READ]: preferences,
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
    expect(screen.getByRole('checkbox', { name: 'A trade closes: E-mail' })).toBeChecked()
    expect(screen.getByRole('checkbox', { name: 'A trade closes: Text message' })).not.toBeChecked()
    expect(screen.getByText('critical')).toBeVisible()
    expect(screen.getByText(/set TWILIO_AUTH_TOKEN/)).toBeVisible()
    expect(await screen.findByText('550 No such user')).toBeVisible()
    expect(await brokenRules(container)).toEqual([])
  })

  test('saves the whole choice, with its terms', async () => {
    const { server } = await openPage({ [SAVE]: preferences })
    await userEvent.click(screen.getByRole('checkbox', { name: 'A trade opens: Browser' }))
    await userEvent.click(screen.getByRole('checkbox', { name: /Quiet hours/ }))
    await userEvent.selectOptions(screen.getByLabelText('News, such as trades'), 'hourly')
    await userEvent.click(screen.getByRole('checkbox', { name: 'Leave amounts of money out' }))
    await userEvent.click(screen.getByRole('button', { name: 'Save' }))
    expect(await screen.findByText('Saved.')).toBeVisible()
    expect(server.requestsFor(SAVE)[0]?.body).toEqual({
      enabled: [
        { event: 'trade_opened', channel: 'push' },
        { event: 'trade_closed', channel: 'email' },
      ],
      profile: { ...terms, quietFrom: 1320, quietTo: 420, digest: 'hourly', hideAmounts: true },
    })
  })

  test('shows the provider’s own answer to a test', async () => {
    await openPage({ 'POST /api/notifications/targets/1/test': { sent: false, answer: '535 Login refused' } })
    await userEvent.click(screen.getByRole('button', { name: 'Send test to d…@ict.com' }))
    expect(await screen.findByText('Not sent: 535 Login refused')).toBeVisible()
  })

  test('adds an address and takes the code that was sent there', async () => {
    const target = { ...mail, id: 2, label: 'o…@example.com', verified: false }
    const { server } = await openPage({
      'POST /api/notifications/targets': [201, { target, code: { sent: true, answer: '250 OK' } }],
      'POST /api/notifications/targets/2/verify': { ...target, verified: true },
    })
    server.answers[READ] = { ...preferences, targets: [mail, target] }
    await userEvent.type(screen.getByLabelText('E-mail address'), 'other@example.com')
    await userEvent.click(screen.getByRole('button', { name: 'Add and send a code' }))
    expect(server.requestsFor('POST /api/notifications/targets')[0]?.body).toEqual({ channel: 'email', address: 'other@example.com' })
    await userEvent.type(await screen.findByLabelText('Code sent to o…@example.com'), '123456')
    server.answers[READ] = { ...preferences, targets: [mail, { ...target, verified: true }] }
    await userEvent.click(screen.getByRole('button', { name: 'Confirm' }))
    expect(await screen.findByRole('button', { name: 'Send test to o…@example.com' })).toBeVisible()
    expect(server.requestsFor('POST /api/notifications/targets/2/verify')[0]?.body).toEqual({ code: '123456' })
  })

  test('says why a browser without push cannot be used', async () => {
    await openPage({ 'GET /api/notifications/push-key': { publicKey: 'AAAA' } })
    await userEvent.click(screen.getByRole('button', { name: 'Use this browser' }))
    expect(await screen.findByText(/takes no push messages here/)).toBeVisible()
  })

  test('removes an address', async () => {
    const { server } = await openPage({ 'DELETE /api/notifications/targets/1': [204, null] })
    server.answers[READ] = { ...preferences, targets: [] }
    await userEvent.click(screen.getByRole('button', { name: 'Remove d…@ict.com' }))
    expect(await screen.findByText('Removed.')).toBeVisible()
    expect(screen.queryByText('d…@ict.com', { selector: 'span' })).toBeNull()
  })

  test('says why a choice is refused', async () => {
    const refused = [422, { error: { code: 'invalid_input', message: 'Write a time zone such as Europe/Berlin.' } }]
    await openPage({ [SAVE]: refused })
    await userEvent.click(screen.getByRole('button', { name: 'Save' }))
    expect(await screen.findByText('Write a time zone such as Europe/Berlin.')).toHaveClass('text-danger')
  })

  test('keeps an address that is refused, to be mended', async () => {
    const refused = [422, { error: { code: 'invalid_input', message: 'That is no e-mail address.' } }]
    await openPage({ 'POST /api/notifications/targets': refused })
    await userEvent.type(screen.getByLabelText('E-mail address'), 'other@example')
    await userEvent.click(screen.getByRole('button', { name: 'Add and send a code' }))
    expect(await screen.findByText('That is no e-mail address.')).toHaveClass('text-danger')
    expect(screen.getByLabelText('E-mail address')).toHaveValue('other@example')
  })
})
