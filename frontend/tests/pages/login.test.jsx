import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, test } from 'vitest'

import { FakeServer } from '../fakes.js'
import { renderApp } from '../render.jsx'
import { loadedAnswers, session } from '../samples.js'
import { brokenRules } from './axe.js'

/** @param {string} button */
async function submitWith(button) {
  await userEvent.type(await screen.findByLabelText('Email'), 'demo@ict.com')
  await userEvent.type(screen.getByLabelText('Password'), 'demo123')
  await userEvent.click(screen.getByRole('button', { name: button }))
}

describe('the login page', () => {
  test('lets the right password in and keeps the session for a reload', async () => {
    const server = new FakeServer(loadedAnswers())
    const { unmount } = renderApp(server)
    await submitWith('Log in')
    await screen.findByRole('button', { name: 'Log out' })
    expect(server.requestsFor('POST /api/auth/login')[0]?.body).toEqual({ email: 'demo@ict.com', password: 'demo123' })
    unmount()
    renderApp(server)
    expect(await screen.findByRole('button', { name: 'Log out' })).toBeVisible()
  })

  test('says clearly that the password is wrong', async () => {
    const wrong = [401, { error: { code: 'invalid_credentials', message: 'Unauthorized' } }]
    const { container } = renderApp(new FakeServer({ ...loadedAnswers(), 'POST /api/auth/login': wrong }))
    await submitWith('Log in')
    expect(await screen.findByText('The email or the password is wrong.')).toBeVisible()
    expect(screen.getByRole('alert')).toHaveTextContent('The email or the password is wrong.')
    expect(screen.getByLabelText('Password')).toHaveAttribute('aria-invalid', 'true')
    expect(await brokenRules(container)).toEqual([])
  })

  test('points at the field that the server refuses', async () => {
    const refused = [
      422,
      { error: { code: 'invalid_input', message: 'Use at least 8 characters.', details: { fields: { password: 'too short' } } } },
    ]
    renderApp(new FakeServer({ ...loadedAnswers(), 'POST /api/auth/register': refused }))
    await userEvent.click(await screen.findByRole('button', { name: 'Create an account' }))
    await submitWith('Create account')
    expect(await screen.findByText('Use at least 8 characters.')).toBeVisible()
    expect(screen.getByLabelText('Password')).toHaveAttribute('aria-invalid', 'true')
    expect(screen.getByLabelText('Email')).not.toHaveAttribute('aria-invalid')
  })

  test('allows pasting and password managers', async () => {
    renderApp(new FakeServer(loadedAnswers()))
    const password = await screen.findByLabelText('Password')
    await userEvent.click(password)
    await userEvent.paste('correct horse')
    expect(password).toHaveValue('correct horse')
    expect(password).toHaveAttribute('autocomplete', 'current-password')
    expect(screen.getByLabelText('Email')).toHaveAttribute('autocomplete', 'username')
  })

  test('says why the session ended', async () => {
    const expired = [401, { error: { code: 'unauthenticated', message: 'The session has expired; sign in again.' } }]
    renderApp(new FakeServer({ ...loadedAnswers(), 'GET /api/dashboard/stats': expired }), { session })
    expect(await screen.findByText('The session has expired; sign in again.')).toBeVisible()
    expect(window.sessionStorage.getItem('ict.session')).toBeNull()
  })

  test('shows what is traded here before anyone signs in', async () => {
    const { container } = renderApp(new FakeServer(loadedAnswers()))
    expect(await screen.findByText('SIMULATED')).toBeVisible()
    expect(await brokenRules(container)).toEqual([])
  })

  test('says when the server does not answer', async () => {
    const { container } = renderApp(new FakeServer({ 'GET /api/health': new TypeError('Failed to fetch') }))
    expect(await screen.findByText(/The server cannot be reached/)).toBeVisible()
    expect(await brokenRules(container)).toEqual([])
  })

  test('logging out tells the server and forgets the token', async () => {
    const server = new FakeServer(loadedAnswers())
    const { socket } = renderApp(server, { session })
    await userEvent.click(await screen.findByRole('button', { name: 'Log out' }))
    expect(await screen.findByText('You are logged out.')).toBeVisible()
    expect(server.requestsFor('POST /api/auth/logout')[0]?.headers.get('Authorization')).toBe('Bearer token-1')
    expect(window.sessionStorage.getItem('ict.session')).toBeNull()
    await waitFor(() => expect(socket.closed).toBe(true))
    expect(within(document.body).queryByText('SIMULATED MARKET')).toBeNull()
  })
})
