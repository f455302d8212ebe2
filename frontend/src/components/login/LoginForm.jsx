import { CircleAlert, Eye, EyeOff } from 'lucide-react'
import { useId, useState } from 'react'

import { Button } from '../ui/Button.jsx'

/** @import { ComponentProps, ReactNode } from 'react' */

/** @typedef {(email: string, password: string) => Promise<void>} Submit */
/** @typedef {{ message: string, field: 'email' | 'password' | null }} Refusal */

const WORDS = {
  login: { title: 'Log in', submit: 'Log in', busy: 'Logging in…', question: 'No account yet?', other: 'Create an account' },
  register: { title: 'Create an account', submit: 'Create account', busy: 'Creating…', question: 'Already registered?', other: 'Log in instead' },
}

/**
 * Email and password, to log in or to register. Pasting and password managers work as everywhere.
 * @param {{ login: Submit, register: Submit, explain: (error: unknown) => Refusal }} props
 */
export function LoginForm({ login, register, explain }) {
  const [purpose, setPurpose] = useState(/** @type {keyof typeof WORDS} */ ('login'))
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState(/** @type {Refusal | null} */ (null))
  const refusalId = useId()
  const words = WORDS[purpose]

  /** @param {FormData} form */
  async function submit(form) {
    setBusy(true)
    setRefusal(null)
    try {
      await (purpose === 'login' ? login : register)(String(form.get('email')).trim(), String(form.get('password')))
    } catch (error) {
      setRefusal(explain(error))
    } finally {
      setBusy(false)
    }
  }

  /** @param {'email' | 'password'} field */
  const fieldState = (field) =>
    refusal && (refusal.field === null || refusal.field === field)
      ? { 'aria-invalid': true, 'aria-describedby': refusalId }
      : {}

  return (
    <form
      aria-label={words.title}
      className="flex flex-col gap-4 rounded-xl border border-line bg-surface p-5"
      onSubmit={(event) => {
        event.preventDefault()
        void submit(new FormData(event.currentTarget))
      }}
    >
      <Refused id={refusalId} message={refusal?.message} />
      <Field label="Email" name="email" type="email" autoComplete="username" inputMode="email" {...fieldState('email')} />
      <PasswordField isNew={purpose === 'register'} {...fieldState('password')} />
      <Button type="submit" look="primary" className="min-h-10" disabled={busy}>
        {busy ? words.busy : words.submit}
      </Button>
      <p className="flex flex-wrap items-center justify-center gap-x-1 text-sm text-muted">
        {words.question}
        <Button
          look="quiet"
          className="px-1.5 text-accent!"
          onClick={() => {
            setPurpose(purpose === 'login' ? 'register' : 'login')
            setRefusal(null)
          }}
        >
          {words.other}
        </Button>
      </p>
    </form>
  )
}

/** @param {{ id: string, message: string | undefined }} props */
function Refused({ id, message }) {
  return (
    <div id={id} role="alert" className={message ? 'flex gap-2 rounded-md border border-danger bg-raised px-3 py-2' : 'sr-only'}>
      {message && (
        <>
          <CircleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-danger" />
          {message}
        </>
      )}
    </div>
  )
}

/** @param {{ label: string, children?: ReactNode } & ComponentProps<'input'>} props */
function Field({ label, children, ...input }) {
  const id = useId()
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <div className="relative">
        <input
          id={id}
          required
          className="min-h-10 w-full rounded-md border border-field bg-page px-3 text-base aria-invalid:border-danger md:text-sm"
          {...input}
        />
        {children}
      </div>
    </div>
  )
}

/** @param {{ isNew: boolean } & ComponentProps<'input'>} props */
function PasswordField({ isNew, ...input }) {
  const [shown, setShown] = useState(false)
  const Icon = shown ? EyeOff : Eye
  return (
    <Field
      label="Password"
      name="password"
      type={shown ? 'text' : 'password'}
      autoComplete={isNew ? 'new-password' : 'current-password'}
      {...input}
    >
      <button
        type="button"
        aria-label={shown ? 'Hide what is typed' : 'Show what is typed'}
        aria-pressed={shown}
        onClick={() => setShown(!shown)}
        className="absolute inset-y-0 right-0 grid w-10 place-items-center text-muted hover:text-ink"
      >
        <Icon aria-hidden="true" className="size-4" />
      </button>
    </Field>
  )
}
