import { useId } from 'react'

/** @import { ReactNode } from 'react' */
/** @import { DeclaredParameter } from '../../../api/backtestTypes' */
/** @import { NumberTerms } from './formState.js' */

export const FIELD = 'min-h-8 w-full min-w-0 rounded-md border border-field bg-page px-2 aria-invalid:border-danger pointer-coarse:min-h-11'

/**
 * A labelled field with what is wrong with it beside it.
 * @param {object} props
 * @param {string} props.label
 * @param {string} [props.unit]
 * @param {string} [props.error]
 * @param {(attributes: { id: string, 'aria-invalid'?: true, 'aria-describedby'?: string }) => ReactNode} props.children
 */
export function Field({ label, unit, error, children }) {
  const id = useId()
  const errorId = `${id}-error`
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="text-xs text-muted">
        {label}
        {unit && `, ${unit}`}
      </label>
      {children(error ? { id, 'aria-invalid': true, 'aria-describedby': errorId } : { id })}
      <FieldError id={errorId} error={error} />
    </div>
  )
}

/** @param {{ id?: string, error: string | undefined }} props */
export function FieldError({ id, error }) {
  return error ? (
    <p id={id} className="text-xs text-danger">
      {error}
    </p>
  ) : null
}

/**
 * @param {object} props
 * @param {NumberTerms} props.terms
 * @param {string} props.value
 * @param {string} [props.error]
 * @param {(value: string) => void} props.onChange
 */
export function NumberField({ terms, value, error, onChange }) {
  return (
    <Field label={terms.label} unit={terms.unit} error={error}>
      {(attributes) => (
        <input {...attributes} inputMode={terms.whole ? 'numeric' : 'decimal'} autoComplete="off" className={`figures ${FIELD}`} value={value} onChange={(event) => onChange(event.target.value)} />
      )}
    </Field>
  )
}

/**
 * @param {{ label: string, value: string, options: string[], error?: string, onChange: (value: string) => void }} props
 */
export function SelectField({ label, value, options, error, onChange }) {
  return (
    <Field label={label} error={error}>
      {(attributes) => (
        <select {...attributes} className={FIELD} value={value} onChange={(event) => onChange(event.target.value)}>
          {options.map((option) => (
            <option key={option}>{option}</option>
          ))}
        </select>
      )}
    </Field>
  )
}

/**
 * One declared parameter, as the field that suits its kind.
 * @param {object} props
 * @param {DeclaredParameter} props.parameter
 * @param {NumberTerms} props.terms
 * @param {string | boolean | string[]} props.value
 * @param {string} [props.error]
 * @param {(value: string | boolean | string[]) => void} props.onChange
 */
export function ParameterField({ parameter, terms, value, error, onChange }) {
  const { label, choices } = parameter
  if (typeof value === 'boolean') return <CheckField label={label} checked={value} onChange={onChange} />
  if (Array.isArray(value)) return <ManyField label={label} choices={choices ?? value} chosen={value} error={error} onChange={onChange} />
  if (choices?.length) return <SelectField label={label} value={value} options={choices} error={error} onChange={onChange} />
  return <NumberField terms={terms} value={value} error={error} onChange={onChange} />
}

/** @param {{ label: string, checked: boolean, onChange: (checked: boolean) => void }} props */
export function CheckField({ label, checked, onChange }) {
  return (
    <label className="flex min-h-8 items-center gap-2 self-end text-sm pointer-coarse:min-h-11">
      <input type="checkbox" className="size-4 shrink-0 accent-accent" checked={checked} onChange={() => onChange(!checked)} />
      {label}
    </label>
  )
}

/**
 * Any of a few names.
 * @param {{ label: string, choices: string[], chosen: string[], error?: string, onChange: (chosen: string[]) => void }} props
 */
function ManyField({ label, choices, chosen, error, onChange }) {
  const toggle = (/** @type {string} */ name) => onChange(choices.filter((one) => (one === name ? !chosen.includes(one) : chosen.includes(one))))
  return (
    <fieldset className="col-span-full">
      <legend className="text-xs text-muted">{label}</legend>
      <div className="flex flex-wrap gap-x-4">
        {choices.map((name) => (
          <CheckField key={name} label={name} checked={chosen.includes(name)} onChange={() => toggle(name)} />
        ))}
      </div>
      <FieldError error={error} />
    </fieldset>
  )
}
