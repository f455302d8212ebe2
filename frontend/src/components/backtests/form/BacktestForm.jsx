import { useEffect, useRef, useState } from 'react'

import { ApiError, errorSentence } from '../../../api/errors.js'
import { formatDate } from '../../../format/days.js'
import { formatCount } from '../../../format/numbers.js'
import { Button } from '../../ui/Button.jsx'
import { CoverageField, NothingStored } from './CoverageField.jsx'
import { Field, FIELD, ParameterField, SelectField } from './Fields.jsx'
import { allDays, changedParameters, COST_FIELDS, formErrors, initialForm, MONEY_FIELDS, refusedBy, requestOf, seriesOf, sharedDays, termsOf } from './formState.js'
import { KindFields } from './KindFields.jsx'
import { NumberFields } from './NumberFields.jsx'

/** @import { BacktestOptions, BacktestRequest, DeclaredParameter } from '../../../api/backtestTypes' */
/** @import { Days, FieldErrors, FormState } from './formState.js' */
/** @import { Change } from './NumberFields.jsx' */

/**
 * What to test, on which candles, at which costs. `onStart` may throw an ApiError that names fields.
 * @param {{ options: BacktestOptions, onStart: (request: BacktestRequest) => Promise<void> }} props
 */
export function BacktestForm({ options, onStart }) {
  const { form, errors, failure, busy, change, submit } = useBacktestForm(options, onStart)
  const element = useRef(/** @type {HTMLFormElement | null} */ (null))
  useEffect(() => {
    if (Object.keys(errors).length === 0) return
    /** @type {HTMLElement | null | undefined} */ (element.current?.querySelector('[aria-invalid], [data-wrong] input'))?.focus()
  }, [errors])
  const stored = seriesOf(options.series, form)
  const chosen = stored.filter(({ symbol }) => form.symbols.includes(symbol))
  return (
    <form
      ref={element}
      aria-label="New backtest"
      noValidate
      className="flex flex-col gap-4 p-4"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <KindFields form={form} errors={errors} onChange={change} />
      <MarketFields options={options} form={form} onChange={change} />
      {stored.length === 0 ? <NothingStored market={form.market} timeframe={form.timeframe} /> : <CoverageField series={stored} chosen={form.symbols} error={errors.symbols} onChange={(symbols) => change({ symbols })} />}
      <DateFields form={form} days={sharedDays(chosen)} all={allDays(chosen)} errors={errors} onChange={change} />
      <NumberFields title="Account and risk" fields={MONEY_FIELDS} form={form} errors={errors} onChange={change} />
      <p className="text-xs text-muted">Guards, leverage and the pairs of SMT are those of this installation; the report tells them.</p>
      <NumberFields title="Costs, each side of a trade" fields={COST_FIELDS} form={form} errors={errors} onChange={change} />
      <Parameters parameters={options.parameters} form={form} errors={errors} onChange={change} />
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" look="primary" disabled={busy || stored.length === 0}>
          Run the backtest
        </Button>
        <p role="alert" className="min-w-0 flex-1 text-sm break-words text-danger empty:hidden">
          {failure}
        </p>
      </div>
    </form>
  )
}

/**
 * @param {BacktestOptions} options
 * @param {(request: BacktestRequest) => Promise<void>} onStart
 */
function useBacktestForm(options, onStart) {
  const [form, setForm] = useState(() => initialForm(options))
  const [errors, setErrors] = useState(/** @type {FieldErrors} */ ({}))
  const [failure, setFailure] = useState('')
  const [busy, setBusy] = useState(false)

  async function submit() {
    const wrong = formErrors(form, options)
    setErrors(wrong)
    setFailure(Object.keys(wrong).length > 0 ? 'Some fields need another look.' : '')
    if (Object.keys(wrong).length > 0) return
    setBusy(true)
    try {
      await onStart(requestOf(form, options.parameters))
    } catch (error) {
      if (error instanceof ApiError) setErrors(refusedBy(error.details))
      setFailure(errorSentence(error))
      setBusy(false)
    }
  }

  return { form, errors, failure, busy, submit, change: (/** @type {Partial<FormState>} */ part) => setForm({ ...form, ...part }) }
}

/** @param {{ options: BacktestOptions, form: FormState, onChange: Change }} props */
function MarketFields({ options, form, onChange }) {
  const timeframes = [...new Set([form.timeframe, ...options.series.filter(({ market }) => market === form.market).map(({ timeframe }) => timeframe)])]

  /** @param {Partial<FormState>} part another market or timeframe, with the symbols that remain */
  const change = (part) => {
    const stored = seriesOf(options.series, { ...form, ...part }).map(({ symbol }) => symbol)
    onChange({ ...part, symbols: form.symbols.filter((symbol) => stored.includes(symbol)) })
  }
  return (
    <div className="grid grid-cols-2 gap-3">
      <SelectField label="Market" value={form.market} options={options.markets} onChange={(market) => change({ market })} />
      <SelectField label="Timeframe" value={form.timeframe} options={timeframes} onChange={(timeframe) => change({ timeframe })} />
    </div>
  )
}

/**
 * What leaving the days empty means; symbols that begin late trade from then on.
 * @param {Days | null} shared
 * @param {Days | null} all
 */
function daysWords(shared, all) {
  if (shared === null || all === null) return 'Choose a symbol to see its days.'
  const whole = `Empty means all of it: ${formatDate(all.from)} to ${formatDate(all.to)}`
  if (shared.from === all.from && shared.to === all.to) return `${whole}.`
  if (shared.from >= shared.to) return `${whole}. There is no day that every chosen symbol has.`
  return `${whole}. Every chosen symbol has ${formatDate(shared.from)} to ${formatDate(shared.to)}.`
}

/** @param {{ form: FormState, days: Days | null, all: Days | null, errors: FieldErrors, onChange: Change }} props */
function DateFields({ form, days, all, errors, onChange }) {
  return (
    <div className="grid grid-cols-2 gap-3">
      {/** @type {const} */ (['from', 'to']).map((name) => (
        <Field key={name} label={name === 'from' ? 'From (UTC)' : 'To (UTC), not included'} error={errors[name]}>
          {(attributes) => <input {...attributes} type="date" className={FIELD} min={days?.from} max={days?.to} value={form[name]} onChange={(event) => onChange({ [name]: event.target.value })} />}
        </Field>
      ))}
      <p className="col-span-2 text-xs text-muted">
        {daysWords(days, all)}
      </p>
    </div>
  )
}

/**
 * Folded away: the declared values are what trades live.
 * @param {{ parameters: DeclaredParameter[], form: FormState, errors: FieldErrors, onChange: Change }} props
 */
function Parameters({ parameters, form, errors, onChange }) {
  const changed = changedParameters(form, parameters)
  const wrong = parameters.some(({ name }) => errors[name])
  return (
    <details open={wrong || undefined} className="rounded-md border border-line">
      <summary className="px-3 py-2 text-sm font-semibold">
        Strategy parameters <span className="font-normal text-muted">{changed === 0 ? 'as declared' : `${formatCount(changed)} changed`}</span>
      </summary>
      <div className="grid grid-cols-2 items-start gap-3 border-t border-line p-3">
        {parameters.map((parameter) => (
          <ParameterField
            key={parameter.name}
            parameter={parameter}
            terms={termsOf(parameter)}
            value={form.parameters[parameter.name] ?? ''}
            error={errors[parameter.name]}
            onChange={(value) => onChange({ parameters: { ...form.parameters, [parameter.name]: value } })}
          />
        ))}
      </div>
    </details>
  )
}
