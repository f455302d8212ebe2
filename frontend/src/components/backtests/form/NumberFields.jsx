import { NumberField } from './Fields.jsx'

/** @import { FieldErrors, FormState, NumberTerms } from './formState.js' */

/** @typedef {(part: Partial<FormState>) => void} Change */

/**
 * A group of numbers that belong together.
 * @param {{ title: string, fields: Record<string, NumberTerms>, form: FormState, errors: FieldErrors, onChange: Change }} props
 */
export function NumberFields({ title, fields, form, errors, onChange }) {
  return (
    <fieldset>
      <legend className="mb-2 text-sm font-semibold">{title}</legend>
      <div className="grid grid-cols-2 items-start gap-3 sm:grid-cols-4 xl:grid-cols-2">
        {Object.entries(fields).map(([name, terms]) => (
          <NumberField key={name} terms={terms} value={form.numbers[name] ?? ''} error={errors[name]} onChange={(value) => onChange({ numbers: { ...form.numbers, [name]: value } })} />
        ))}
      </div>
    </fieldset>
  )
}
